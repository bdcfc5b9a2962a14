namespace LLMOS.Client.Watching;

/// <summary>Something that happened in a run of a workflow: a <see cref="RunOutput"/> or a <see cref="RunStatusChange"/>.</summary>
public abstract record RunEvent
{
    private protected RunEvent()
    {
    }
}
