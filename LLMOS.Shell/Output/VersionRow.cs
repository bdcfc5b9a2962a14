namespace LLMOS.Shell.Output;

/// <summary>A version of a file, as <c>fs history -o json</c> lists it.</summary>
internal sealed record VersionRow(long Version, DateTimeOffset At, string Author, string Change, long Bytes);
