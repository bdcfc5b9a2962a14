namespace LLMOS.Kernel.Processes;

/// <summary>The limits on a process's whole life.</summary>
public static class LifetimeLimit
{
    /// <summary>Why it has to end; null while it may go on.</summary>
    /// <param name="spec">What the process is.</param>
    /// <param name="turns">Turns it has committed.</param>
    /// <param name="tokens">Tokens it has spent.</param>
    /// <param name="age">How long ago it was spawned.</param>
    public static ExitReason? Reached(ProcessSpec spec, long turns, long tokens, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.MaxTurns > 0 && turns >= spec.MaxTurns ? ExitReason.LimitReached($"it has had all of its {spec.MaxTurns} turns")
            : spec.MaxTokens > 0 && tokens >= spec.MaxTokens ? ExitReason.LimitReached($"it has spent {tokens} tokens and is allowed {spec.MaxTokens}")
            : spec.MaxLifetime > TimeSpan.Zero && age >= spec.MaxLifetime ? ExitReason.LimitReached($"its time of {spec.MaxLifetime.TotalSeconds:0.###} s is over")
            : null;
    }
}
