using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Telemetry;

namespace LLMOS.Kernel.Processes;

// A process of one request, of which nothing is stored: what it is asked and what it answers pass by the log, and it ends with its answer.
public sealed partial class ProcessGrain
{
    // So long it waits for its request, and so long it stays for those who watch it: each token that it has shown is kept until its activation ends.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private VmpMessage? _request;
    private VmpMessage? _response;
    private bool _isRead;
    private ImmutableArray<ContextEntry> _history = [];

    private bool IsFleeting => Record.Pcb is { } process && _programs.Get(process.Program).IsFleeting;

    public async IAsyncEnumerable<AnswerPart> AnswerAsync(
        OutgoingMessage request, ImmutableArray<ContextEntry> history, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        EnsureAlive();
        if (!IsFleeting || _request is not null)
        {
            throw LlmosException.Refused(IsFleeting
                ? $"Process {Pid} ({Pcb.Name}) answers one request and has got it: spawn another process for this one."
                : $"Process {Pid} ({Pcb.Name}) was not spawned for one request: send it a message.");
        }

        MessageRules.Validate(request, _vectors.Dimension, _time.GetUtcNow());
        if (request.To != Pid || request.MessageType != VmpMessageType.Request)
        {
            throw LlmosException.InvalidArgument($"to: process {Pid} ({Pcb.Name}) is asked by a REQUEST to itself, and this is a {request.MessageType.ToString().ToUpperInvariant()} to {request.To}.");
        }

        var asked = Message(request, request.MessageId == Guid.Empty ? Guid.NewGuid() : request.MessageId, WellKnownPids.Console);
        (_request, _history, _isRead) = (asked, history.IsDefault ? [] : history, true);
        KernelMetrics.Sent(asked.MessageType);
        Receive(asked);
        ScheduleExpiry();
        Wake();
        try
        {
            await foreach (var output in _outputs.ReadAsync(0, cancellationToken))
            {
                if (output.MessageId == asked.MessageId)
                {
                    var isLast = output.Kind == ProcessOutputKind.TurnCommitted;
                    yield return new AnswerPart(output, isLast ? _response : null);
                    if (isLast)
                    {
                        yield break;
                    }
                }
            }
        }
        finally
        {
            _isRead = false;
            if (HasEnded)
            {
                LeaveSoon();
            }
            else
            {
                await KillAsync(EndOfRequest());
            }
        }
    }

    private ExitReason EndOfRequest() =>
        _response is null ? ExitReason.Killed("nobody waited for its answer any more")
        : VmpHeaders.ErrorOf(_response) is { } error ? ExitReason.Faulted(error.Message)
        : ExitReason.Done("its request is answered");

    /// <exception cref="LlmosException">The process answers one request, and what others store of it would outlive it.</exception>
    private void EnsureStored(string what)
    {
        _ = Pcb;
        if (IsFleeting)
        {
            throw LlmosException.Refused($"Process {Pid} ({Pcb.Name}) answers one request and is not stored: it cannot {what}.");
        }
    }

    /// <summary>What is left of a process of one request, once its activation is gone, is its last PCB in the table.</summary>
    private ValueTask RecallAsync()
    {
        return Record.Pcb is null ? RecallFromTableAsync() : default;

        async ValueTask RecallFromTableAsync()
        {
            if (await Segment.FindAsync(Pid) is { Final: { } final } && Record.Pcb is null)
            {
                Record.Pcb = final;
                Record.Spec = new ProcessSpec { Name = final.Name, Program = final.Program, Budget = final.Budget.Allocated };
                _outputs.Close();
                _ended.TrySetResult();
            }
        }
    }

    /// <summary>Whoever spawned it and never came back with the request does not leave it for good.</summary>
    private void AwaitRequest() => After(
        Patience,
        () => _request is null && !HasEnded ? KillAsync(ExitReason.Killed("it was asked nothing")) : Task.CompletedTask);

    /// <summary>All that is left is in the table, and in the hands of who still reads.</summary>
    private void LeaveSoon()
    {
        if (!_isRead)
        {
            After(
                Patience,
                () =>
                {
                    DeactivateOnIdle();
                    return Task.CompletedTask;
                });
        }
    }

    private void After(TimeSpan wait, Func<Task> work) =>
        this.RegisterGrainTimer(_ => work(), new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { Interleave = true });

    private bool IsRequest(Guid messageId) => _request?.MessageId == messageId;

    /// <summary>In memory, the process sends a message: the caller writes it.</summary>
    private void Post(VmpMessage message)
    {
        if (_request is { } asked && message.MessageType == VmpMessageType.Response && message.To == asked.From && message.CorrelationId == asked.CorrelationId)
        {
            _response = message;
            KernelMetrics.Sent(message.MessageType);
        }
        else
        {
            Record.Outbox.Add(message);
        }
    }

    /// <summary>Whoever brought the request reads on, and sees that the process has ended; the log knows nothing of it.</summary>
    private IReadOnlyList<VmpMessage> WithoutRequest(IReadOnlyList<VmpMessage> messages) =>
        _request is null ? messages : [.. messages.Where(message => !IsRequest(message.MessageId))];
}
