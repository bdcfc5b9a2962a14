using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Processes;

/// <summary>How a turn failed for good.</summary>
/// <param name="Letter">What its message becomes.</param>
/// <param name="Code">What kind of error its sender is told.</param>
/// <param name="Argument">What of the message was wrong; null where that is not known.</param>
internal sealed record TurnFailure(DeadLetter Letter, LlmosErrorCode Code, string? Argument);
