namespace LLMOS.Inference.Models;

/// <summary>What a token stands for.</summary>
/// <param name="Bytes">Its UTF-8 bytes, which may be a part of a character.</param>
/// <param name="Text">Those as text; null when they are not whole characters.</param>
internal sealed record TokenPiece(byte[] Bytes, string? Text);
