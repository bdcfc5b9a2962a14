namespace LLMOS.Silo.Tests;

/// <summary>Waits for conditions, with a limit.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var pause = new PeriodicTimer(Pause);
        while (!await condition())
            await pause.WaitForNextTickAsync(limit.Token);
    }

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));
}
