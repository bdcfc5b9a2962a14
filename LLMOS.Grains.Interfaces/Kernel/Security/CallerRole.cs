namespace LLMOS.Kernel.Security;

/// <summary>The roles of those who use the system, from the least to the most: each is a named set of rights, see <see cref="CallerRoles"/>.</summary>
[GenerateSerializer, Alias("llmos.caller-role")]
public enum CallerRole
{
    /// <summary>Sees which processes there are, and nothing of what they say.</summary>
    Guest,

    /// <summary>Works with processes and regions of its own.</summary>
    User,

    /// <summary>Controls the processes of others too.</summary>
    Operator,

    /// <summary>May do everything, read the audit log and take rights away.</summary>
    Admin,

    /// <summary>The system itself.</summary>
    System,
}
