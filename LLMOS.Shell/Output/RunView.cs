using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Agents;
using LLMOS.Client.Watching;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Commands;

namespace LLMOS.Shell.Output;

/// <summary>Shows a run: its id at once, what its processes say, where its result lies and what each process took.</summary>
internal sealed class RunView(ShellConsole console, bool quiet)
{
    private readonly Transcript _transcript = new();
    private readonly TranscriptView _view = new(console);

    public void Begin(string runId, string workflow, string resume)
    {
        if (!quiet)
        {
            console.Out.WriteLine($"Run {runId} ({workflow})");
            console.Out.Flush();
            console.WriteProgress($"Ctrl-C interrupts it; it goes on with: {resume}");
        }
    }

    /// <summary>Says how far a resumed run was.</summary>
    public void GoOn(ImmutableArray<ContextEntry> said)
    {
        if (!quiet && said.Length > 1)
        {
            var authors = string.Join(", ", said.Skip(1).Select(entry => entry.Author).Distinct());
            console.WriteProgress(string.Create(
                CultureInfo.InvariantCulture, $"{authors} spoke {said.Length - 1} times before; llmos cat shows the region, llmos log the messages."));
        }
    }

    public void Show(RunEvent happened)
    {
        if (!quiet && happened is RunOutput { Role: not WorkflowRoute.User and var role, Pid: var pid, Output: var output })
        {
            foreach (var segment in _transcript.Accept(role, pid, output))
            {
                _view.Show(segment);
            }
        }
    }

    /// <summary>Ends the line that is being written, for a sentence about an interruption.</summary>
    public void BreakOff() => _view.EndLine();

    public void End(RunSnapshot run, ImmutableArray<ProcessControlBlock> processes, string? file)
    {
        if (quiet)
        {
            if (run.Result is { } result)
            {
                console.Out.WriteLine(SafeText.Lines(result));
            }
        }
        else
        {
            foreach (var segment in _transcript.Flush())
            {
                _view.Show(segment);
            }

            _view.EndLine();
            console.Out.WriteLine();
            WriteOutcome(run, file);
            Table(run, processes).WriteTo(console);
        }

        if (run.Status != RunStatus.Completed)
        {
            var why = run.Failure.Length > 0 ? run.Failure.TrimEnd('.') : "no reason was kept";
            console.WriteError($"Run {run.RunId} {run.Status.ToString().ToLowerInvariant()}: {why}.");
        }
    }

    private void WriteOutcome(RunSnapshot run, string? file)
    {
        var time = run.EndedAt is { } ended ? $" in {Figures.Duration(ended - run.StartedAt)}" : "";
        console.Out.WriteLine($"Run {run.RunId} {run.Status.ToString().ToUpperInvariant()}{time}");
        console.Out.WriteLine($"Region {run.Region}");
        if (file is not null)
        {
            console.Out.WriteLine($"Result {file}");
        }

        console.Out.WriteLine();
    }

    private static TextTable Table(RunSnapshot run, ImmutableArray<ProcessControlBlock> processes)
    {
        var table = new TextTable().Column("PID", right: true).Column("PROCESS").Column("STATE").Column("PROMPT", right: true)
            .Column("COMPLETION", right: true).Column("TOKENS", right: true).Column("BUDGET", right: true).Column("TURNS", right: true).Column("TIME", right: true);
        foreach (var member in run.Members.Where(member => member.Role != WorkflowRoute.User))
        {
            if (processes.FirstOrDefault(process => process.Pid == member.Pid) is { } process)
            {
                table.Row(
                    Figures.Count(process.Pid),
                    process.Name,
                    PsCommand.State(process),
                    Figures.Count(process.PromptTokens),
                    Figures.Count(process.CompletionTokens),
                    Figures.Count(process.PromptTokens + process.CompletionTokens),
                    Figures.Count(process.Budget.Allocated) + "/min",
                    Figures.Count(process.Turns),
                    Figures.Duration(process.CpuTime));
            }
        }

        return table;
    }
}
