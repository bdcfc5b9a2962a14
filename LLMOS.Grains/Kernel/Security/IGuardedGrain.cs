namespace LLMOS.Kernel.Security;

/// <summary>A grain that knows who has a part in it.</summary>
internal interface IGuardedGrain
{
    /// <summary>Why a caller without <see cref="Privileges.ManageProcesses"/> has no part in it; null when it has.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="write">Whether it is to be changed.</param>
    string? WhyNot(Caller caller, bool write);
}
