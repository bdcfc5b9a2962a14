namespace LLMOS.Silo;

/// <summary>What a silo of a cluster does.</summary>
[Flags]
public enum SiloRoles
{
    /// <summary>Processes, memory, messages, runs.</summary>
    Kernel = 1,

    /// <summary>Models.</summary>
    Inference = 2,

    All = Kernel | Inference,
}
