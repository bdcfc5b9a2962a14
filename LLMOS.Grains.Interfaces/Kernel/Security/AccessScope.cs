namespace LLMOS.Kernel.Security;

/// <summary>Whose things a grain call may touch.</summary>
public enum AccessScope
{
    /// <summary>No one's in particular.</summary>
    Anyone,

    /// <summary>Those of the grain that is called: a process, a region or a run that the caller has a part in.</summary>
    Target,

    /// <summary>Those of the grain that is called, where the caller owns it and was not only given a part in it.</summary>
    Owner,

    /// <summary>Those of the process that an argument names; see <see cref="IConcernsProcess"/>.</summary>
    Argument,
}
