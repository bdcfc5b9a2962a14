using System.CommandLine;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Syscalls;

namespace LLMOS.Shell.Commands;

/// <summary><c>do</c>: makes the system calls that a sentence asks for, through the dispatcher.</summary>
internal sealed class DoCommand : ShellCommand
{
    private readonly Argument<string> _sentence = new("SENTENCE") { Description = "What to do, in words; - reads standard input" };

    private readonly Option<string?> _model = GlobalOptions.Model();

    private readonly Option<string?> _as = CallCommand.InPlaceOf();

    public DoCommand(ShellContext context)
        : base("do", "Make the system calls that a sentence asks for", context)
    {
        Add(_sentence);
        Add(_model);
        Add(_as);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var sentence = await RequestText.ReadAsync(parse.GetRequiredValue(_sentence), Console.OpenStandardInput(), cancellationToken);
        var reply = await Context.ParseAsync(sentence, parse.GetValue(Context.Global.Data), parse.GetValue(_model), cancellationToken);
        if (reply.Calls.IsEmpty)
        {
            throw LlmosException.InvalidArgument(reply.Answer ?? "The sentence asks for nothing that is a system call: say it otherwise, or see help.");
        }

        await using var lease = await Context.OpenAsync(parse, new SessionOptions(), cancellationToken);
        var pid = parse.GetValue(_as) is { } named ? await lease.Client.ResolveAsync(named) : default(long?);
        foreach (var call in reply.Calls)
        {
            if (!parse.GetValue(Context.Global.Quiet))
            {
                Context.Console.WriteProgress(call.ToString());
            }

            SyscallView.Show(Context.Console, await lease.Client.CallAsync(call, pid, cancellationToken: cancellationToken));
        }

        return ExitCodes.Success;
    }
}
