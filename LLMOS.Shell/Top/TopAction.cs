namespace LLMOS.Shell.Top;

/// <summary>Something that a key asks for.</summary>
/// <param name="Kind">What.</param>
/// <param name="Pid">The process it is done to; 0 for none.</param>
/// <param name="Delta">By how much a priority changes.</param>
internal sealed record TopAction(TopActionKind Kind, long Pid = 0, int Delta = 0);
