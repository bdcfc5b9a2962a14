using System.Runtime.CompilerServices;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// What a process has shown lately, for any number of watchers: the newest <see cref="Capacity"/> outputs are kept, so
/// that one who comes late or again still sees them. Not for several threads: it lives in an activation.
/// </summary>
internal sealed class ProcessOutputLog
{
    public const int Capacity = 8_192;

    private readonly Queue<ProcessOutput> _outputs = new();
    private readonly long _epoch = Random.Shared.NextInt64(1, long.MaxValue);
    private TaskCompletionSource _changed = NewSignal();
    private long _next;
    private bool _closed;
    private Exception? _fault;

    public void Add(ProcessOutputKind kind, Guid messageId, string text = "", int tokens = 0)
    {
        if (_outputs.Count == Capacity)
        {
            _outputs.Dequeue();
        }

        _outputs.Enqueue(new ProcessOutput(_next++, kind, messageId, text, tokens) { Epoch = _epoch });
        Signal();
    }

    /// <summary>Nothing follows; watchers that have read all are done, or get the error that ended it.</summary>
    public void Close(Exception? fault = null)
    {
        _closed = true;
        _fault ??= fault;
        Signal();
    }

    public async IAsyncEnumerable<ProcessOutput> ReadAsync(long fromOffset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = fromOffset;
        while (true)
        {
            var changed = _changed;
            var oldest = _next - _outputs.Count;
            next = Math.Max(next, oldest);
            if (next < _next)
            {
                foreach (var output in _outputs.Skip((int)(next - oldest)).ToArray())
                {
                    yield return output;
                    next = output.Offset + 1;
                }
            }
            else if (_fault is not null)
            {
                throw _fault;
            }
            else if (_closed)
            {
                yield break;
            }
            else
            {
                await changed.Task.WaitAsync(cancellationToken);
            }
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
