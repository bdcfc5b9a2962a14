using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>Has calls recorded: those that were refused or failed, too. A silo without a store records nothing.</summary>
public sealed class AuditScribe(IServiceProvider services)
{
    private readonly IAuditLog? _log = (IAuditLog?)services.GetService(typeof(IAuditLog));

    /// <summary>Carries a call out and records how it ended.</summary>
    /// <param name="call">What is known of it before.</param>
    /// <param name="recordFirst">Whether it is recorded before it is carried out: then no effect is without a record.</param>
    /// <param name="act">Carries it out, and gives the processes that it made: the record of its end names each. Empty for none.</param>
    /// <exception cref="LlmosException">It failed, or it could not be recorded.</exception>
    public async Task RunAsync(AuditEntry call, bool recordFirst, Func<Task<ImmutableArray<long>>> act)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(act);
        if (_log is null)
        {
            await act();
            return;
        }

        if (recordFirst)
        {
            await RecordAsync(_log.WriteAsync(call with { Result = AuditEntry.Begun }), call, "and was not carried out");
        }

        ImmutableArray<long> made;
        try
        {
            made = await act();
        }
        catch (Exception exception)
        {
            await RecordAsync(_log.NoteAsync(call with { Result = ResultOf(exception) }).AsTask(), call, $"and failed: {exception.Message}");
            throw;
        }

        var done = call with { Result = AuditEntry.Done };
        await RecordAsync(
            made.IsEmpty ? _log.NoteAsync(done).AsTask() : Task.WhenAll(made.Select(pid => _log.NoteAsync(done with { Destination = pid }).AsTask())),
            call,
            recordFirst ? "though it was carried out, as the log's record of its begin says" : "so its result is withheld");
    }

    /// <summary>Records a call that was refused before it began.</summary>
    public async Task RefusedAsync(AuditEntry call, LlmosException refusal)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(refusal);
        if (_log is not null)
        {
            await RecordAsync(_log.NoteAsync(call with { Result = ResultOf(refusal) }).AsTask(), call, $"and was refused: {refusal.Message}");
        }
    }

    private static string ResultOf(Exception exception) => exception is LlmosException known
        ? $"{known.Code}: {known.Message}"
        : $"{LlmosErrorCode.Internal}: {exception.Message}";

    private static async Task RecordAsync(Task writing, AuditEntry call, string consequence)
    {
        try
        {
            await writing;
        }
        catch (LlmosException cause)
        {
            throw new LlmosException(cause.Code, $"{call.Syscall} could not be recorded in the audit log, {consequence.TrimEnd('.')}. {cause.Message}", cause)
            {
                Syscall = call.Syscall,
            };
        }
    }
}
