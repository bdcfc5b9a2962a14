using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>The audit log of a node: records in one chain of hashes. A storage provider implements it.</summary>
public interface IAuditLog
{
    /// <summary>Writes a record; it is on disk when the task completes.</summary>
    /// <exception cref="LlmosException">It could not be written.</exception>
    Task WriteAsync(AuditEntry entry);

    /// <summary>
    /// Writes a record soon, together with others. While the log cannot be written the records wait, and each call tries
    /// to write them and fails when they cannot.
    /// </summary>
    /// <exception cref="LlmosException">The log cannot be written now.</exception>
    ValueTask NoteAsync(AuditEntry entry);

    /// <summary>Reads records, oldest first; those that wait to be written are written before.</summary>
    Task<ImmutableArray<AuditRecord>> QueryAsync(AuditQuery query, CancellationToken cancellationToken = default);

    /// <summary>Looks through the whole log.</summary>
    Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken = default);
}
