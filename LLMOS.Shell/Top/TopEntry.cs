using LLMOS.Client.Watching;

namespace LLMOS.Shell.Top;

/// <summary>A line of the table.</summary>
/// <param name="Row">The process.</param>
/// <param name="Level">How deep it is in the tree; 0 for a root, or without a tree.</param>
/// <param name="IsExpanded">Whether its children are shown; null for a process without children, or without a tree.</param>
internal sealed record TopEntry(ProcessActivity Row, int Level, bool? IsExpanded);
