using System.CommandLine;
using System.Globalization;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>ask</c>: sends a request to a process and writes the answer as it comes; without a text, a conversation.</summary>
internal sealed class AskCommand : ShellCommand
{
    private readonly Argument<string> _process = ProcessArgument.Create("Whom to ask: a PID or a name");

    private readonly Argument<string?> _text = new("TEXT")
    {
        Description = "What to ask; - reads standard input; without it, each line of standard input is asked until its end",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _model = GlobalOptions.Model();
    private readonly Option<double?> _timeout = OptionNumber.Seconds("--timeout", "How long to wait for an answer (default: as long as the process lives); then the exit code is 124");

    public AskCommand(ShellContext context)
        : base("ask", "Ask a process and write what it answers; without a text, talk with it", context)
    {
        Aliases.Add("chat");
        Add(_process);
        Add(_text);
        Add(_model);
        Add(_timeout);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var text = parse.GetValue(_text) is { } said ? await RequestText.ReadAsync(said, Console.OpenStandardInput(), cancellationToken) : null;
        await using var lease = await Context.OpenAsync(
            parse, new SessionOptions { Model = parse.GetValue(_model), LoadModel = true }, cancellationToken);
        var process = await lease.Client.GetProcessAsync(await lease.Client.ResolveAsync(parse.GetRequiredValue(_process)));
        if (!parse.GetValue(Context.Global.Quiet) && lease.Session.ModelNote is { } note && process.Model.Length == 0)
        {
            Context.Console.WriteProgress(note);
        }

        var timeout = OptionNumber.SecondsOf(parse, _timeout);
        if (text is not null)
        {
            await AskAsync(lease, process, text, timeout, cancellationToken);
            return ExitCodes.Success;
        }

        var lines = new LineReader(Context, string.Create(CultureInfo.InvariantCulture, $"{process.Name}({process.Pid})> "));
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                await AskAsync(lease, process, line, timeout, cancellationToken);
            }
        }

        return ExitCodes.Success;
    }

    private async Task AskAsync(SessionLease lease, ProcessControlBlock process, string text, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var console = Context.Console;
        var atLineStart = true;
        await foreach (var output in lease.Client.AskStreamingAsync(process.Pid, text, timeout, cancellationToken))
        {
            switch (output.Kind)
            {
                case ProcessOutputKind.Text:
                    var shown = SafeText.Lines(output.Text);
                    await console.Out.WriteAsync(shown.AsMemory(), cancellationToken);
                    await console.Out.FlushAsync(cancellationToken);
                    atLineStart = shown.Length == 0 ? atLineStart : shown[^1] == '\n';
                    break;

                case ProcessOutputKind.TurnRestarted:
                    await EndLineAsync();
                    console.WriteProgress($"[{process.Name} was interrupted and answers anew; what it said does not count.]");
                    break;

                case ProcessOutputKind.StateChanged:
                    await EndLineAsync();
                    console.WriteProgress($"[{process.Name}: {output.Text}]");
                    break;

                default:
                    break;
            }
        }

        await EndLineAsync();

        async Task EndLineAsync()
        {
            if (!atLineStart)
            {
                await console.Out.WriteLineAsync();
                atLineStart = true;
            }
        }
    }
}
