using System.Runtime.CompilerServices;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Watching;

/// <summary>Watches one process, and goes on when the activation it watched is lost.</summary>
internal sealed class ProcessWatch(IGrainFactory grains, long pid)
{
    /// <summary>What the process shows, from the oldest output its activation still has until the process ends.</summary>
    /// <exception cref="LlmosException">There is no such process, or it stayed out of reach.</exception>
    public async IAsyncEnumerable<ProcessOutput> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new OutputCursor();
        var reach = new Reach();
        var process = grains.GetGrain<IProcessGrain>(pid);
        while (true)
        {
            Exception? loss = null;
            var outputs = process.WatchAsync(0, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                while (true)
                {
                    try
                    {
                        if (!await outputs.MoveNextAsync())
                        {
                            yield break;
                        }
                    }
                    catch (Exception lost) when (Reach.IsLoss(lost) && !cancellationToken.IsCancellationRequested)
                    {
                        loss = lost;
                        break;
                    }

                    reach.Succeeded();
                    foreach (var output in cursor.Accept(outputs.Current))
                    {
                        yield return output;
                    }
                }
            }
            finally
            {
                await DisposeAsync(outputs);
            }

            await reach.WaitAsync($"Process {pid}", loss, cancellationToken);
            cursor.Reattach();
        }
    }

    /// <summary>The end of an enumerator tells its grain so; one that is out of reach need not hear it.</summary>
    private static async ValueTask DisposeAsync(IAsyncEnumerator<ProcessOutput> outputs)
    {
        try
        {
            await outputs.DisposeAsync();
        }
        catch (Exception lost) when (Reach.IsLoss(lost) || lost is OperationCanceledException)
        {
        }
    }
}
