using System.Collections.Immutable;
using System.CommandLine;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Syscalls;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Commands;

/// <summary><c>do</c>: makes the system calls that a sentence asks for, through the dispatcher. It shows them, and asks before it destroys something.</summary>
internal sealed class DoCommand : ShellCommand
{
    private readonly Argument<string> _sentence = new("SENTENCE") { Description = "What to do, in words; - reads standard input" };

    private readonly Option<string?> _model = GlobalOptions.Model();

    private readonly Option<string?> _as = CallCommand.InPlaceOf();

    private readonly Option<bool> _dryRun = DryRunOption();

    private readonly Option<bool> _yes = YesOption();

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public DoCommand(ShellContext context)
        : base("do", "Make the system calls that a sentence asks for", context)
    {
        Add(_sentence);
        Add(_model);
        Add(_as);
        Add(_dryRun);
        Add(_yes);
        Add(_format);
        Validators.Add(result =>
        {
            if (result.GetValue(_format) != OutputFormat.Table && !result.GetValue(_dryRun))
            {
                result.AddError("-o is for the calls that --dry-run shows: add that, or leave -o out.");
            }
        });
    }

    public static Option<bool> DryRunOption() => new("--dry-run") { Description = "Show which system calls a sentence asks for, and make none; a command is carried out" };

    public static Option<bool> YesOption() => new("--yes", "-y") { Description = "Ask nothing before a sentence ends processes, removes something or sets limits" };

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var sentence = await RequestText.ReadAsync(parse.GetRequiredValue(_sentence), Console.OpenStandardInput(), cancellationToken);
        var reply = Context.TakePlan(sentence) ?? await Context.ParseAsync(sentence, parse.GetValue(Context.Global.Data), parse.GetValue(_model), cancellationToken);
        if (reply.Calls.IsEmpty)
        {
            throw LlmosException.InvalidArgument(reply.Answer ?? "The sentence asks for nothing that is a system call: say it otherwise, or see help.");
        }

        if (parse.GetValue(_dryRun) || Context.DryRun)
        {
            ShowPlan(reply.Calls, parse.GetValue(_format));
            return ExitCodes.Success;
        }

        if (!parse.GetValue(Context.Global.Quiet))
        {
            foreach (var call in reply.Calls)
            {
                Context.Console.WriteProgress(SafeText.FirstLine(call.ToString(), 200));
            }
        }

        if (!parse.GetValue(_yes) && !Context.Yes && reply.Calls.Any(SyscallCatalog.IsDestructive) && !await AgreesAsync(reply.Calls, cancellationToken))
        {
            Context.Console.WriteProgress("Nothing was done.");
            return ExitCodes.Failure;
        }

        await using var lease = await Context.OpenAsync(parse, new SessionOptions(), cancellationToken);
        var pid = parse.GetValue(_as) is { } named ? await lease.Client.ResolveAsync(named) : default(long?);
        foreach (var call in reply.Calls)
        {
            SyscallView.Show(Context.Console, await Context.Directory.CallAsync(lease.Client, call, pid, cancellationToken));
        }

        return ExitCodes.Success;
    }

    private void ShowPlan(ImmutableArray<SyscallCall> calls, OutputFormat format)
    {
        if (format != OutputFormat.Table)
        {
            Context.Console.Out.WriteLine(Structured.Text(format, SyscallJson.Write(calls)));
            return;
        }

        foreach (var call in calls)
        {
            Context.Console.Out.WriteLine(SafeText.Line(call.ToString()));
        }
    }

    private async Task<bool> AgreesAsync(ImmutableArray<SyscallCall> calls, CancellationToken cancellationToken)
    {
        var what = string.Join(", ", calls.Where(SyscallCatalog.IsDestructive).Select(call => SafeText.FirstLine(call.ToString(), 80)));
        return Context.Console.InIsTerminal
            ? await Context.ConfirmAsync($"Do this, which cannot be taken back: {what}?", cancellationToken)
            : throw new LlmosException(LlmosErrorCode.FailedPrecondition, $"The sentence was taken for {what}, which cannot be taken back: do it with --yes, or say it as a command.");
    }
}
