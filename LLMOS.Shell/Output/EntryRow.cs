namespace LLMOS.Shell.Output;

/// <summary>A piece of text of a region, as <c>cat -o json</c> lists it.</summary>
internal sealed record EntryRow(Guid Id, long Pid, string Author, DateTimeOffset At, int Tokens, string Text);
