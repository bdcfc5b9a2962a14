namespace LLMOS.Kernel.Resources;

/// <summary>A request for tokens that waits for its batch.</summary>
internal sealed class PendingReserve(string holder, HolderReading reading, long least, long most, int requests)
{
    private readonly TaskCompletionSource<TokenGrant> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Holder => holder;

    public HolderReading Reading => reading;

    public long Least => least;

    public long Most => most;

    public int Requests => requests;

    public TokenGrant Grant { get; set; } = new();

    public Task<TokenGrant> Answer => _answer.Task;

    public void Complete() => _answer.TrySetResult(Grant);

    public void Fail(Exception exception) => _answer.TrySetException(exception);
}
