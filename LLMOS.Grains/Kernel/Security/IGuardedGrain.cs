namespace LLMOS.Kernel.Security;

/// <summary>A grain that knows who has a part in it.</summary>
internal interface IGuardedGrain
{
    /// <summary>Why a caller without <see cref="Privileges.ManageProcesses"/> has no part in it; null when it has.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="write">Whether it is to be changed.</param>
    string? WhyNot(Caller caller, bool write);

    /// <summary>The same for what is its owner's alone, where that is less than changing it.</summary>
    /// <param name="caller">Who calls.</param>
    string? WhyNotAsOwner(Caller caller) => WhyNot(caller, write: true);
}
