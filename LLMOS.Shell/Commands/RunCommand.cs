using System.CommandLine;
using LLMOS.Agents;
using LLMOS.Client;
using LLMOS.Client.Watching;
using LLMOS.Client.Workflows;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>run</c>: runs a workflow on a request, or goes on with one that was interrupted.</summary>
internal sealed class RunCommand : ShellCommand
{
    /// <summary>How long an interrupted run may take to stop where it is; whatever it takes, it can be resumed.</summary>
    private static readonly TimeSpan InterruptLimit = TimeSpan.FromSeconds(3);

    private readonly Argument<string?> _request = new("REQUEST")
    {
        Description = $"What you want, at most {RequestText.MaxBytes / 1024} KiB; - reads it from standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _workflow = new("--workflow", "-w")
    {
        Description = $"The workflow: a YAML file, or {string.Join(", ", BuiltInWorkflows.Names)} (default {BuiltInWorkflows.BuildSoftware})",
        HelpName = "FILE|NAME",
    };

    private readonly Option<string?> _resume = new("--resume") { Description = "Go on with this run (llmos runs lists them)", HelpName = "ID" };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "The seed of all its processes (default: a random one)", HelpName = "N" };
    private readonly Option<string?> _model = GlobalOptions.Model();

    public RunCommand(ShellContext context)
        : base("run", "Run a workflow on a request, such as \"Create a web server\"", context)
    {
        Add(_request);
        Add(_workflow);
        Add(_resume);
        Add(_seed);
        Add(_model);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var start = await ReadStartAsync(parse, cancellationToken);
        await using var lease = await OpenAsync(parse, cancellationToken);
        var quiet = parse.GetValue(Context.Global.Quiet);
        if (!quiet && lease.Session.ModelNote is { } note)
        {
            Context.Console.WriteProgress(note);
        }

        if (start is not null)
        {
            start = start with { Model = lease.Session.ModelOf(parse.GetValue(_model)) };
        }

        var runId = parse.GetValue(_resume) ?? RunIds.Create(start!.Request);
        var resume = ResumeCommand.For(runId, parse.GetValue(Context.Global.Data), lease.Session.Address, Context.Interactive is not null);
        var view = new RunView(Context.Console, quiet);
        try
        {
            return await RunAsync(lease, start, runId, resume, view, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            view.BreakOff();
            await InterruptAsync(lease, runId, resume);
            throw;
        }
    }

    private async Task<SessionLease> OpenAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        try
        {
            var needs = new SessionOptions { Model = parse.GetValue(_model), ShowBoot = true, LoadModel = parse.GetValue(_resume) is null };
            return await Context.OpenAsync(parse, needs, cancellationToken);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && Failure.IsConsequenceOfCancellation(exception))
        {
            Context.Console.WriteError(parse.GetValue(_resume) is { } resumed
                ? $"Interrupted before {resumed} went on; run the same command again."
                : "Interrupted before the run was started, so there is nothing to resume: run the request again.");
            throw;
        }
    }

    /// <summary>What starts a new run; null for one that is resumed. All of it is checked before anything is booted.</summary>
    private async Task<RunRequest?> ReadStartAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var request = parse.GetValue(_request);
        if (parse.GetValue(_resume) is { } resumed)
        {
            return request is null && parse.GetValue(_workflow) is null && parse.GetValue(_seed) is null && parse.GetValue(_model) is null
                ? null
                : throw new UsageException($"--resume goes on with {resumed} as it was begun: leave the request, --workflow, --seed and --model out.");
        }

        if (request is null)
        {
            throw new UsageException("There is no request: say what you want, such as llmos run \"Create a web server\".");
        }

        var text = await RequestText.ReadAsync(request, Console.OpenStandardInput(), cancellationToken);
        var template = BuiltInWorkflows.Load(parse.GetValue(_workflow) ?? BuiltInWorkflows.BuildSoftware);
        return new RunRequest { Template = template, Request = text, Seed = parse.GetValue(_seed) ?? 0 };
    }

    private static async Task<int> RunAsync(
        SessionLease lease, RunRequest? start, string runId, string resume, RunView view, CancellationToken cancellationToken)
    {
        if (start is not null)
        {
            // Its name is shown when it is durable: whoever reads it can resume it, whatever happens next.
            await lease.Client.StartRunAsync(start, runId).WaitAsync(cancellationToken);
            view.Begin(runId, start.Template.Name, resume);
        }
        else
        {
            var resumed = await lease.Client.ResumeRunAsync(runId).WaitAsync(cancellationToken);
            view.Begin(runId, resumed.Workflow, resume);
            view.GoOn(await lease.Client.ReadRegionAsync(resumed.Region));
        }

        RunSnapshot? run = null;
        await foreach (var happened in lease.Client.WatchRunAsync(runId, cancellationToken))
        {
            view.Show(happened);
            run = (happened as RunStatusChange)?.Run ?? run;
        }

        var processes = await lease.Client.ListProcessesAsync(new() { Group = runId });
        var file = run!.Result is { } result ? await ResultFile.WriteAsync(lease.Session.DataFolder, runId, result) : null;
        view.End(run, processes, file);
        return run.Status == RunStatus.Completed ? ExitCodes.Success : ExitCodes.Failure;
    }

    private async Task InterruptAsync(SessionLease lease, string runId, string resume)
    {
        if (lease.Session.Address is not null)
        {
            Context.Console.WriteError($"You left {runId}, which goes on in its cluster; see it again with: {resume}");
            return;
        }

        try
        {
            await lease.Client.InterruptRunAsync(runId).WaitAsync(InterruptLimit);
        }
        catch (LlmosException missing) when (missing.Code == LlmosErrorCode.NotFound)
        {
            Context.Console.WriteError($"Interrupted before {runId} was started, so there is nothing to resume: run the request again.");
            return;
        }
        catch (TimeoutException)
        {
            // The next boot finds it as interrupted as it is.
        }

        Context.Console.WriteError($"Interrupted; {runId} goes on with: {resume}");
    }
}
