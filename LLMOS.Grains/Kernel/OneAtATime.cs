namespace LLMOS.Kernel;

/// <summary>Runs asynchronous work one after the other, in the order it was asked for. For a grain whose methods interleave.</summary>
internal sealed class OneAtATime
{
    private Task _last = Task.CompletedTask;

    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var run = AfterAsync(_last, work);
        _last = run;
        return run;
    }

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work();
        return true;
    });

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> work)
    {
        if (!before.IsCompleted)
        {
            await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        }

        return await work();
    }
}
