namespace LLMOS.Silo.Http.Vapi;

/// <summary>How many files and directories were removed.</summary>
internal sealed record RemovedView(int Removed);
