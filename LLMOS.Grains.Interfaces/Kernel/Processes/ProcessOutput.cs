namespace LLMOS.Kernel.Processes;

/// <summary>One thing that a process showed while it ran.</summary>
/// <param name="Offset">Its place in the output of this activation, from 0; a reader that comes back asks from the next one.</param>
/// <param name="Kind">What it is.</param>
/// <param name="MessageId">The message whose turn produced it.</param>
/// <param name="Text">The text of a <see cref="ProcessOutputKind.Text"/>, or a sentence for the others.</param>
/// <param name="Tokens">Tokens that a <see cref="ProcessOutputKind.Text"/> stands for, or that the turn took.</param>
[GenerateSerializer, Immutable, Alias("llmos.process-output")]
public sealed record ProcessOutput(
    [property: Id(0)] long Offset,
    [property: Id(1)] ProcessOutputKind Kind,
    [property: Id(2)] Guid MessageId,
    [property: Id(3)] string Text,
    [property: Id(4)] int Tokens)
{
    /// <summary>The activation that showed it: where this differs, offsets begin anew. 0 for what no activation showed.</summary>
    [Id(5)] public long Epoch { get; init; }
}
