namespace LLMOS.Shell.Mounting;

/// <summary>What was done to an open file since it was last saved, which says how it is saved.</summary>
internal enum OpenFileChange
{
    None,

    /// <summary>Only added to its end: what others add meanwhile stays.</summary>
    Appended,

    /// <summary>Parts of a version: saving over another version would undo what somebody else wrote.</summary>
    Edited,

    /// <summary>All of it, whatever was there.</summary>
    Rewritten,
}
