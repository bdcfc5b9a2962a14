namespace LLMOS.Kernel.Security;

/// <summary>What is administrative. A role has it; a process has all of it with <see cref="Permissions.Sudo"/> and none without.</summary>
[Flags, GenerateSerializer, Alias("llmos.privileges")]
public enum Privileges
{
    None = 0,

    /// <summary>Processes, regions and messages of others as if they were its own; raising a priority or a limit.</summary>
    ManageProcesses = 1 << 0,

    /// <summary>Reading and verifying the audit log.</summary>
    Audit = 1 << 1,

    /// <summary>Booting, and what only the kernel does else.</summary>
    Administer = 1 << 2,

    All = ManageProcesses | Audit | Administer,
}
