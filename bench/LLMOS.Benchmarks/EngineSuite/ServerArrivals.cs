using LLMOS.Benchmarks.EngineSuite.Peers;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The same arrivals on a llama-server, which knows no priorities.</summary>
internal static class ServerArrivals
{
    /// <summary>Runs the load on a server of its own, with a slot for each place.</summary>
    public static async Task<ArrivalSample> RunAsync(string server, string model, ArrivalLoad load, CancellationToken cancellationToken)
    {
        var settings = new LlamaServerSettings(ArrivalLoad.Places, ArrivalLoad.Cells) { Clients = ArrivalLoad.Background + load.Arrivals };
        await using var started = await LlamaServer.StartAsync(server, model, settings, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var filled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = 0;
        var processes = Enumerable.Range(0, ArrivalLoad.Background).Select(_ => WorkAsync()).ToArray();
        try
        {
            // Once as many as there are slots have been answered, the rest has taken their places.
            await filled.Task.WaitAsync(cancellationToken);
            var arrivals = new List<Task<ChatAnswer>>();
            for (var i = 0; i < load.Arrivals; i++)
            {
                arrivals.Add(started.AskAsync(load.NextPrompt(), ArrivalLoad.ArrivalAnswer, cancellationToken));
                await Task.Delay(load.Interval, cancellationToken);
            }

            return new ArrivalSample { FirstTokens = [.. (await Task.WhenAll(arrivals)).Select(answer => answer.FirstToken)] };
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(processes);
        }

        async Task WorkAsync()
        {
            try
            {
                while (true)
                {
                    await started.AskAsync(load.NextPrompt(), ArrivalLoad.BackgroundAnswer, stop.Token);
                    if (Interlocked.Increment(ref answered) == ArrivalLoad.Places)
                        filled.TrySetResult();
                }
            }
            catch (OperationCanceledException)
            {
                // The arrivals have been measured.
            }
            catch (BenchmarkException exception)
            {
                filled.TrySetException(exception);
            }
        }
    }
}
