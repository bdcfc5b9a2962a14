using System.Diagnostics;

namespace LLMOS.Client;

/// <summary>Tries again while no gateway answers, until the time allowed is up; then it says so in a sentence.</summary>
internal sealed class GatewayConnectionRetry(string gateways, TimeSpan timeout) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (_elapsed.Elapsed + Delay > timeout)
        {
            throw new LlmosException(
                LlmosErrorCode.Unavailable,
                $"No silo answers at {gateways}: check that one runs there, and that it has the same cluster id.",
                exception);
        }

        await Task.Delay(Delay, cancellationToken);
        return true;
    }
}
