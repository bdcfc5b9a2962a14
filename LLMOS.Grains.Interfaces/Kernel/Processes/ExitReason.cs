namespace LLMOS.Kernel.Processes;

/// <summary>Why a process ended.</summary>
/// <param name="Kind">How it came to its end.</param>
/// <param name="Code">0 for a good end; 137 for a kill; any other for a failure.</param>
/// <param name="Text">A sentence for people.</param>
[GenerateSerializer, Immutable, Alias("llmos.exit-reason")]
public sealed record ExitReason(
    [property: Id(0)] ExitKind Kind,
    [property: Id(1)] int Code,
    [property: Id(2)] string Text)
{
    public static ExitReason Done(string text = "done") => new(ExitKind.Exit, 0, text);

    public static ExitReason Killed(string text) => new(ExitKind.Kill, 137, text);

    public static ExitReason Faulted(string text) => new(ExitKind.Fault, 1, text);

    public static ExitReason LimitReached(string text) => new(ExitKind.Limit, 2, text);
}
