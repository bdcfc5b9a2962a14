using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Processes;

/// <summary>What a process showed while it answered a request.</summary>
/// <param name="Output">What it showed.</param>
/// <param name="Response">The answer, with the <see cref="ProcessOutputKind.TurnCommitted"/> that ends it; null before.</param>
[GenerateSerializer, Immutable, Alias("llmos.answer-part")]
public sealed record AnswerPart([property: Id(0)] ProcessOutput Output, [property: Id(1)] VmpMessage? Response);
