namespace LLMOS.Shell.Output;

/// <summary>A piece of a <see cref="Transcript"/>.</summary>
/// <param name="Role">The speaker's part or name.</param>
/// <param name="Pid">Its PID.</param>
/// <param name="Text">What it said, or a sentence about it.</param>
/// <param name="IsNote">Whether it is a sentence about the speaker instead of its words.</param>
internal sealed record TranscriptSegment(string Role, long Pid, string Text, bool IsNote);
