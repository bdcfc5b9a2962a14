using LLMOS.Agents;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A run of a workflow.</summary>
internal sealed record RunView(
    string Id, string Workflow, string Request, string Status, string Region, IReadOnlyList<RunMember> Members, string? Result, string Failure, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public static RunView Of(RunSnapshot run) => new(
        run.RunId, run.Workflow, run.Request, ProcessView.Word(run.Status), run.Region, run.Members, run.Result, run.Failure, run.StartedAt, run.EndedAt);
}
