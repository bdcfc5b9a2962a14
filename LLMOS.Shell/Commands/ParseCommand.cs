using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Syscalls;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Commands;

/// <summary><c>parse</c>: says which system calls a sentence asks for, and makes none of them. It starts no silo.</summary>
internal sealed class ParseCommand : ShellCommand
{
    private readonly Argument<string> _sentence = new("SENTENCE") { Description = "What to do, in words; - reads standard input" };

    private readonly Option<string?> _model = GlobalOptions.Model();

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public ParseCommand(ShellContext context)
        : base("parse", "Say which system calls a sentence asks for, without making them", context)
    {
        Add(_sentence);
        Add(_model);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var sentence = await RequestText.ReadAsync(parse.GetRequiredValue(_sentence), Console.OpenStandardInput(), cancellationToken);
        var options = new SessionOptions { Data = parse.GetValue(Context.Global.Data) };
        var model = parse.GetValue(_model);
        var reply = await Task.Run(
            async () =>
            {
                await using var parser = SentenceParser.Load(options, model);
                return await parser.ParseAsync(sentence, cancellationToken);
            },
            cancellationToken).WaitAsync(cancellationToken);

        var output = Context.Console.Out;
        if (parse.GetValue(_format) is not OutputFormat.Table and var format)
            await output.WriteLineAsync(Structured.Text(format, SyscallJson.Write(reply.Calls)));
        else
            foreach (var call in reply.Calls)
                await output.WriteLineAsync(call.ToString());
        if (reply.Answer is { } answer && !parse.GetValue(Context.Global.Quiet))
            Context.Console.WriteProgress(answer);
        return ExitCodes.Success;
    }
}
