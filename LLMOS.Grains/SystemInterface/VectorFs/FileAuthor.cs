using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Who changes a file.</summary>
/// <param name="Principal">Whose it becomes.</param>
/// <param name="Name">The process or principal, as the history shows it.</param>
/// <param name="IsAdministrator">Whether the files of others are as its own.</param>
public sealed record FileAuthor(string Principal, string Name, bool IsAdministrator)
{
    public static FileAuthor Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new FileAuthor(caller.Principal, caller.ToString(), caller.Has(Privileges.ManageProcesses));
    }
}
