using System.Diagnostics;
using System.Globalization;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>Notes what arrives at the receivers of this process: each message once, with the time it was on its way.</summary>
public sealed class DeliveryMeter
{
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _arrived = [];
    private readonly List<double> _milliseconds = [];
    private TaskCompletionSource _all = new();
    private int _expected;
    private long _lastArrival;

    /// <summary>The time at which a message is sent, for its correlation id.</summary>
    public static string Stamp() => Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture);

    /// <summary>Forgets what came before and waits for so many messages.</summary>
    public void Expect(int count)
    {
        lock (_lock)
        {
            _arrived.Clear();
            _milliseconds.Clear();
            _expected = count;
            _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Arrived(VmpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var now = Stopwatch.GetTimestamp();
        var sent = long.Parse(message.CorrelationId, CultureInfo.InvariantCulture);
        lock (_lock)
        {
            // Delivery is at least once; what comes again is not counted.
            if (!_arrived.Add(message.MessageId))
                return;
            _milliseconds.Add(Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds);
            _lastArrival = now;
            if (_arrived.Count == _expected)
                _all.SetResult();
        }
    }

    /// <summary>Waits for all messages.</summary>
    /// <returns>When the last came, as a timestamp, and the time that each was on its way, in milliseconds.</returns>
    /// <exception cref="TimeoutException">Some did not come in time.</exception>
    public async Task<(long LastArrival, double[] Milliseconds)> AllAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _all.Task.WaitAsync(limit, cancellationToken);
        lock (_lock)
            return (_lastArrival, [.. _milliseconds]);
    }

    /// <summary>How many came so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _arrived.Count;
        }
    }
}
