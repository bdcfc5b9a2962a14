using System.CommandLine;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Attaching;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>logs</c>: what a process has said, or the log of the silo.</summary>
internal sealed class LogsCommand : ShellCommand
{
    private const int DefaultCount = 100;
    private const int MaxCount = 100_000;

    private readonly Argument<string?> _process = new("PID")
    {
        Description = "The process whose words are meant: a PID or a name (default: the silo's own log in the data folder)",
        HelpName = "PID|NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on with what it says next, until it ends or Ctrl-C" };

    private readonly Option<int> _count = new("--lines", "-n")
    {
        Description = $"How many pieces or lines, the newest (default {DefaultCount})",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultCount,
    };

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public LogsCommand(ShellContext context)
        : base("logs", "Write what a process has said, or the log of the silo; log lists messages", context)
    {
        Add(_process);
        Add(_follow);
        Add(_count);
        Add(_format);
        _count.Validators.Add(result =>
        {
            if (OptionNumber.Of<long>(result) is < 1 or > MaxCount)
            {
                result.AddError($"--lines is {result.Tokens[0].Value}: use 1 to {MaxCount}.");
            }
        });
        Validators.Add(result =>
        {
            if (result.GetValue(_follow) && result.GetValue(_format) != OutputFormat.Table)
            {
                result.AddError("--follow writes text as it comes: leave -o out, or --follow.");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_process) is not { } named)
        {
            return await SiloAsync(parse, cancellationToken);
        }

        var follows = parse.GetValue(_follow);
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = follows }, cancellationToken);
        var process = await lease.Client.GetProcessAsync(await lease.Client.ResolveAsync(named));
        var said = await SaidAsync(lease.Client, process, parse.GetValue(_count)).WaitAsync(cancellationToken);
        if (parse.GetValue(_format) is not OutputFormat.Table and var format)
        {
            await Context.Console.Out.WriteLineAsync(Structured.Write(format, said, JsonRows.Readable.ListLogRow));
            return ExitCodes.Success;
        }

        if (!follows)
        {
            foreach (var piece in said)
            {
                await Context.Console.Out.WriteLineAsync(SafeText.Lines(piece.Text.TrimEnd()));
            }
        }
        else
        {
            // It begins with what it said lately, which is the end of this.
            await new AttachedOutput(Context.Console, lease.Client).ShowAsync(process.Pid, cancellationToken);
        }

        return ExitCodes.Success;
    }

    private static async Task<List<LogRow>> SaidAsync(LlmosClient client, ProcessControlBlock process, int count)
    {
        try
        {
            var entries = process.Context.Region.Length == 0 ? [] : await client.ReadRegionAsync(process.Context.Region);
            return [.. entries.Where(entry => entry.Pid == process.Pid).TakeLast(count).Select(entry => new LogRow(entry.At, entry.Pid, process.Name, entry.Tokens, entry.Text))];
        }
        catch (LlmosException none) when (none.Code == LlmosErrorCode.NotFound)
        {
            // It has no region yet, so it has said nothing.
            return [];
        }
    }

    private async Task<int> SiloAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        if (parse.GetValue(Context.Global.Connect) is not null || parse.GetValue(_format) != OutputFormat.Table)
        {
            throw new UsageException("The silo's log is a file in its data folder: name that with --data, without --connect and -o.");
        }

        var folder = Context.Interactive?.DataFolder ?? SiloSettings.Folder(new SessionOptions { Data = parse.GetValue(Context.Global.Data) });
        await new LogFiles(Path.Combine(folder, "logs")).WriteAsync(Context.Console, parse.GetValue(_count), parse.GetValue(_follow), cancellationToken);
        return ExitCodes.Success;
    }
}
