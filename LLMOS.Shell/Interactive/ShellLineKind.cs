namespace LLMOS.Shell.Interactive;

/// <summary>What a line of the interactive shell is.</summary>
internal enum ShellLineKind
{
    /// <summary>Empty, or a comment.</summary>
    Nothing,

    /// <summary>A command with its arguments.</summary>
    Command,

    /// <summary>A sentence in quotes: a request for a run.</summary>
    Request,

    /// <summary>None of these; it may be meant as a request.</summary>
    NoCommand,

    /// <summary>The shell is to be left.</summary>
    Exit,
}
