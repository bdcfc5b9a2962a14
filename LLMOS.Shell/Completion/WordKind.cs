namespace LLMOS.Shell.Completion;

/// <summary>What a word of a command line can be, beside commands and options.</summary>
internal enum WordKind
{
    /// <summary>Nothing that could be listed.</summary>
    Text,

    /// <summary>A PID or the name of a process.</summary>
    Process,

    /// <summary>The id of a run.</summary>
    Run,

    /// <summary>A path in VectorFS.</summary>
    VfsPath,

    /// <summary>A file or folder of this machine.</summary>
    HostPath,

    /// <summary>A model that is on this machine.</summary>
    Model,

    /// <summary>A system call.</summary>
    Syscall,

    /// <summary>An option of the configuration.</summary>
    Setting,

    /// <summary>A collection.</summary>
    Collection,

    /// <summary>A multicast group.</summary>
    Group,

    /// <summary>A command.</summary>
    Command,

    /// <summary>A priority or its class.</summary>
    Priority,
}
