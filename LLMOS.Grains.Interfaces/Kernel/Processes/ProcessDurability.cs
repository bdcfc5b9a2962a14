namespace LLMOS.Kernel.Processes;

/// <summary>What of a turn under way survives a crash.</summary>
[GenerateSerializer, Alias("llmos.process-durability")]
public enum ProcessDurability
{
    /// <summary>The message that it answers: the turn runs again from its start, with the same seed.</summary>
    Turn,

    /// <summary>Every token, before it is shown: the turn goes on behind the last one, so that what was shown is never unsaid.</summary>
    Token,
}
