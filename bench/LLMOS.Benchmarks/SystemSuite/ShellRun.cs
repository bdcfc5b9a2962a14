namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>A run of the shell as a program, timed from the moment that its process was made.</summary>
/// <param name="Ready">When it said that the shell is ready; the end, for a command that does not boot.</param>
/// <param name="End">When its process had ended.</param>
internal readonly record struct ShellRun(TimeSpan Ready, TimeSpan End);
