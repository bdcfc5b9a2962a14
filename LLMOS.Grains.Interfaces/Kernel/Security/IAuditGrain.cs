using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>Reads the audit log. Stateless; any key.</summary>
[Alias("llmos.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Records, oldest first.</summary>
    /// <exception cref="LlmosException">The limit is out of its range.</exception>
    [Alias("Query")]
    [Requires(Privileges = Privileges.Audit, Verb = "read the audit log")]
    Task<ImmutableArray<AuditRecord>> QueryAsync(AuditQuery query);

    /// <summary>Looks through the whole log for the first record that is not as it was written.</summary>
    [Alias("Verify"), ResponseTimeout("00:10:00")]
    [Requires(Privileges = Privileges.Audit, Verb = "verify the audit log")]
    Task<AuditVerification> VerifyAsync();
}
