namespace LLMOS.Kernel.Processes;

/// <summary>
/// Writes one thing, never twice at a time: calls that come while a write runs share the next one, which sees all of
/// their changes. For a grain whose methods interleave, where two writes at once would fail on the ETag.
/// </summary>
internal sealed class CoalescedWrite(Func<Task> write)
{
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Completes when a write that began after this call has completed.</summary>
    public Task SaveAsync()
    {
        if (_next is not null)
        {
            return _next;
        }

        if (_running.IsCompleted)
        {
            return _running = write();
        }

        return _next = AfterRunningAsync();
    }

    /// <summary>Completes when no write runs, however it ended.</summary>
    public async Task IdleAsync()
    {
        while ((_next ?? _running) is { IsCompleted: false } running)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AfterRunningAsync()
    {
        await _running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        _running = _next!;
        _next = null;
        await write();
    }
}
