namespace LLMOS.Kernel.Memory;

/// <summary>One piece of text in a context region.</summary>
/// <param name="Id">Names the piece; appending the same id again changes nothing.</param>
/// <param name="Pid">Who wrote it.</param>
/// <param name="Author">The writer's name.</param>
/// <param name="Text">The text.</param>
/// <param name="Tokens">How many tokens it is for the model that reads it.</param>
/// <param name="At">When it was written.</param>
[GenerateSerializer, Immutable, Alias("llmos.context-entry")]
public sealed record ContextEntry(
    [property: Id(0)] Guid Id,
    [property: Id(1)] long Pid,
    [property: Id(2)] string Author,
    [property: Id(3)] string Text,
    [property: Id(4)] int Tokens,
    [property: Id(5)] DateTimeOffset At)
{
    /// <summary>What belongs to the piece and is not in its text, such as calls of functions, as JSON; empty for nothing.</summary>
    [Id(6)] public string Data { get; init; } = "";
}
