namespace LLMOS.Silo.Http.Vapi;

/// <summary>One thing that a process showed.</summary>
/// <param name="Pid">The process.</param>
/// <param name="MessageId">The message whose turn it belongs to.</param>
/// <param name="Text">The text, or a sentence.</param>
/// <param name="Tokens">Tokens that it stands for, or that the turn took.</param>
internal sealed record OutputEvent(long Pid, Guid MessageId, string Text, int Tokens);
