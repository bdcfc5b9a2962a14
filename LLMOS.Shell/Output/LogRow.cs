namespace LLMOS.Shell.Output;

/// <summary>A piece of what a process has said, as <c>logs PID -o json</c> lists it.</summary>
internal sealed record LogRow(DateTimeOffset At, long Pid, string Name, int Tokens, string Text);
