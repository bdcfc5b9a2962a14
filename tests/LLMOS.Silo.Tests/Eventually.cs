namespace LLMOS.Silo.Tests;

/// <summary>Waits for something that comes true by itself, with a limit.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (!condition())
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{what} did not come true within {Limit.TotalSeconds} s.");
        }
    }
}
