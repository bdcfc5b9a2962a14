namespace LLMOS.Silo.Storage;

/// <inheritdoc />
internal sealed class PendingWrite<T>(Func<SqliteSession, T> write, Action<T>? committed, CancellationToken cancellationToken) : PendingWrite
{
    // The caller goes on elsewhere: the writer thread never runs its code.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Task => _completion.Task;

    public override bool IsCanceled => cancellationToken.IsCancellationRequested;

    public override void Execute(SqliteSession session) => _result = write(session);

    public override void Complete()
    {
        try
        {
            committed?.Invoke(_result);
        }
        finally
        {
            _completion.TrySetResult(_result);
        }
    }

    public override void Cancel() => _completion.TrySetCanceled(cancellationToken);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
