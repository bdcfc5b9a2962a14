namespace LLMOS.Shell.Mounting;

/// <summary>What a program got when it opened a file.</summary>
/// <param name="node">The file.</param>
/// <param name="open">Its content.</param>
/// <param name="flags">How it was opened, as of open(2).</param>
internal sealed class FileHandle(VfsNode node, OpenFile open, OpenFlags flags)
{
    public VfsNode Node { get; } = node;

    public OpenFile Open { get; } = open;

    public bool MayWrite { get; } = (flags & OpenFlags.AccessMode) != OpenFlags.ReadOnly;

    /// <summary>
    /// Whether opening it made the file or emptied it, which is not saved. A shell that redirects opens the file and closes one of two numbers for it
    /// before anything is written, so that this is saved with what is written, or by the last close.
    /// </summary>
    public bool HasBegun { get; set; }

    /// <summary>Whether something was written through it that is not saved: closing it saves.</summary>
    public bool HasWritten { get; set; }

    /// <summary>Whether saving failed, and the program was told, so that doing it once more would only fail again.</summary>
    public bool HasFailed { get; set; }
}
