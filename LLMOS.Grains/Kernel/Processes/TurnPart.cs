namespace LLMOS.Kernel.Processes;

/// <summary>A piece of what a turn says.</summary>
/// <param name="Tokens">Tokens it stands for.</param>
/// <param name="Text">What is shown of it.</param>
/// <param name="Data">What its program needs to go on behind it.</param>
public sealed record TurnPart(int Tokens, string Text, ReadOnlyMemory<byte> Data);
