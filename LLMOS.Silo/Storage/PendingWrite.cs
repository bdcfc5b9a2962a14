namespace LLMOS.Silo.Storage;

/// <summary>A write that waits for the writer thread, and the caller who waits for it.</summary>
internal abstract class PendingWrite
{
    public abstract bool IsCanceled { get; }

    public abstract void Execute(SqliteSession session);

    /// <summary>Tells the caller that the write is on disk.</summary>
    public abstract void Complete();

    public abstract void Cancel();

    public abstract void Fail(Exception exception);
}
