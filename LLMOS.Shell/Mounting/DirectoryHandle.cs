namespace LLMOS.Shell.Mounting;

/// <summary>What a program got when it opened a directory: the names as they were when it began to read them.</summary>
internal sealed class DirectoryHandle(VfsNode node)
{
    public VfsNode Node { get; } = node;

    /// <summary>Lets one request at a time read it.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    public IReadOnlyList<ListedName> Names { get; set; } = [];
}
