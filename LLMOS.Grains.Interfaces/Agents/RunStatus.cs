namespace LLMOS.Agents;

/// <summary>Where a run of a workflow is.</summary>
[GenerateSerializer, Alias("llmos.run-status")]
public enum RunStatus
{
    Starting,
    Running,

    /// <summary>Its silo went down in the middle of it; it goes on when it is resumed.</summary>
    Interrupted,
    Completed,
    Failed,
    Cancelled,
}
