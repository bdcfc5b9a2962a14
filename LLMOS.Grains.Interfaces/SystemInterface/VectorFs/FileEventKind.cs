namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What happened to a file or directory.</summary>
[GenerateSerializer, Alias("llmos.file-event-kind")]
public enum FileEventKind
{
    /// <summary>A version of a file was written.</summary>
    Written,

    /// <summary>A directory is there that was asked for; it may have been there before.</summary>
    Made,

    Moved,

    /// <summary>It was removed, with all that was in it.</summary>
    Removed,

    /// <summary>It was shared, or is its owner's alone again.</summary>
    Shared,

    /// <summary>More happened than the watcher took: what is at the path is to be looked at again.</summary>
    Missed,

    /// <summary>A file got one more name, or a symbolic link was made.</summary>
    Linked,
}
