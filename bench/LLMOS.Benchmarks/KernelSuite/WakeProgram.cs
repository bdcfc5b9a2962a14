using System.Collections.Concurrent;
using System.Diagnostics;
using LLMOS.Kernel.Processes;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>A program whose turns do nothing but tell when they began.</summary>
internal sealed class WakeProgram : IProcessProgram
{
    public const string ProgramName = "bench-wakes";

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<long>> _awaited = new();

    public string Name => ProgramName;

    /// <summary>The <see cref="Stopwatch"/>'s time at which the turn for a message begins. To be asked for before the message is sent.</summary>
    public Task<long> BeginningAsync(Guid messageId) =>
        _awaited.GetOrAdd(messageId, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        if (_awaited.TryRemove(turn.Message.MessageId, out var awaited))
            awaited.TrySetResult(Stopwatch.GetTimestamp());
        return Task.FromResult(TurnOutcome.Nothing);
    }
}
