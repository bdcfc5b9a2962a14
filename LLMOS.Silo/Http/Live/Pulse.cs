namespace LLMOS.Silo.Http.Live;

/// <summary>Wakes all who wait for the next of something. Safe from any thread.</summary>
internal sealed class Pulse
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Completes with the next beat; take it before looking whether there is something already.</summary>
    public Task Next => _next.Task;

    public void Beat()
    {
        var beat = _next;
        _next = New();
        beat.TrySetResult();
    }

    /// <summary>Waits for a beat.</summary>
    /// <returns>False when the time was over first.</returns>
    public static async Task<bool> WaitAsync(Task beat, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await beat.WaitAsync(atMost, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
