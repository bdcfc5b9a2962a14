using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LLMOS.Client.Watching;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client;

/// <summary>Messages: sending, receiving, and asking a process for an answer.</summary>
public sealed partial class LlmosClient
{
    private static readonly TimeSpan DeadlineGrace = TimeSpan.FromSeconds(3);

    /// <summary>Sends a message from the console's mailbox. It returns when the message is in the durable log.</summary>
    /// <returns>The message as it was logged.</returns>
    /// <exception cref="LlmosException">
    /// The message is wrong, its recipient does not exist or has ended, or the recipient's mailbox is full
    /// (<see cref="LlmosErrorCode.ResourceExhausted"/>): nothing was sent.
    /// </exception>
    public Task<VmpMessage> SendAsync(OutgoingMessage message) => SendAsync(WellKnownPids.Console, message);

    /// <summary>Sends a message from a process. It returns when the message is in the durable log.</summary>
    /// <returns>The message as it was logged.</returns>
    /// <exception cref="LlmosException">
    /// The message is wrong, its recipient does not exist or has ended, or the recipient's mailbox is full
    /// (<see cref="LlmosErrorCode.ResourceExhausted"/>): nothing was sent.
    /// </exception>
    public Task<VmpMessage> SendAsync(long from, OutgoingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Process(from).SendAsync(message);
    }

    /// <summary>
    /// Takes the first message that fits out of the mailbox of a process that runs the
    /// <see cref="ProcessPrograms.Mailbox"/> program.
    /// </summary>
    /// <param name="pid">The process.</param>
    /// <param name="filter">Which message; null for any.</param>
    /// <param name="timeout">How long to wait for one; zero for not at all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null when none came in time.</returns>
    /// <exception cref="LlmosException">There is no such process, or it reads its mailbox itself.</exception>
    public async Task<VmpMessage?> ReceiveAsync(
        long pid, MessageFilter? filter = null, TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = timeout - Stopwatch.GetElapsedTime(started);
            var wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < WaitSlice ? left : WaitSlice;
            var message = await Process(pid).PeekAsync(filter ?? MessageFilter.Any, wait, cancellationToken);
            if (message is not null)
            {
                if (await Process(pid).ConsumeAsync(message.MessageId))
                {
                    return message;
                }
            }
            else if (wait == TimeSpan.Zero || Stopwatch.GetElapsedTime(started) >= timeout)
            {
                return null;
            }
        }
    }

    /// <summary>Sends a REQUEST to a process and waits for its RESPONSE.</summary>
    /// <param name="pid">The process that is asked.</param>
    /// <param name="text">What it is asked.</param>
    /// <param name="timeout">How long to wait; null for as long as the process lives.</param>
    /// <param name="cancellationToken">Stops waiting; the process finishes its turn.</param>
    /// <exception cref="LlmosException">
    /// There is no such process, it ended before it answered, its turn failed, or the time was up
    /// (<see cref="LlmosErrorCode.DeadlineExceeded"/>).
    /// </exception>
    public async Task<VmpMessage> AskAsync(
        long pid, string text, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var request = await SendRequestAsync(pid, text, timeout);
        return await AwaitResponseAsync(request, cancellationToken);
    }

    /// <summary>What a process shows while it answers a request that was sent from the console; with the last of it, the response.</summary>
    internal async IAsyncEnumerable<(ProcessOutput Output, VmpMessage? Response)> WatchAnswerAsync(
        VmpMessage request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pid = request.To;
        await foreach (var output in new ProcessWatch(Grains, pid).WatchAsync(cancellationToken))
        {
            if (output.MessageId == request.MessageId)
            {
                if (output.Kind == ProcessOutputKind.TurnCommitted)
                {
                    yield return (output, await AwaitResponseAsync(request, cancellationToken));
                    yield break;
                }

                yield return (output, null);
            }
        }

        throw await EndedAsync(pid);
    }

    private Task<VmpMessage> SendRequestAsync(long pid, string text, TimeSpan? timeout) =>
        SendRequestAsync(pid, text, ImmutableDictionary<string, string>.Empty, timeout);

    internal Task<VmpMessage> SendRequestAsync(
        long pid, string text, ImmutableDictionary<string, string> headers, TimeSpan? timeout = null)
    {
        var request = Request(pid, text, headers);
        if (timeout <= TimeSpan.Zero)
        {
            throw LlmosException.InvalidArgument($"timeout: {timeout} leaves no time to answer; give a positive one, or none.");
        }

        return SendAsync(request with { Deadline = timeout is { } limit ? DateTimeOffset.UtcNow + limit : null });
    }

    /// <summary>What a process that was spawned for one request shows while it answers that; with the last of it, the response.</summary>
    internal async IAsyncEnumerable<(ProcessOutput Output, VmpMessage? Response)> AnswerRequestAsync(
        long pid, string text, ImmutableDictionary<string, string> headers, ImmutableArray<ContextEntry> history, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = Grains.GetGrain<IProcessGrain>(pid).AnswerAsync(Request(pid, text, headers), history, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await NextAsync())
            {
                // The process ends with its answer, so an error is what the answer says and nothing about the end.
                if (parts.Current.Response is { } response && VmpHeaders.ErrorOf(response) is { } error)
                {
                    throw new LlmosException(error.Code, $"Process {pid} could not answer: {error.Message}") { Argument = error.Argument };
                }

                yield return (parts.Current.Output, parts.Current.Response);
                if (parts.Current.Response is not null)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await QuietlyAsync(parts.DisposeAsync().AsTask());
        }

        throw await EndedAsync(pid);

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await parts.MoveNextAsync();
            }
            catch (Exception lost) when (Reach.IsLoss(lost) && lost is not LlmosException && !cancellationToken.IsCancellationRequested)
            {
                throw new LlmosException(LlmosErrorCode.Unavailable, $"Process {pid} is lost with its silo, and so is the rest of its answer: ask again.", lost);
            }
        }
    }

    private static OutgoingMessage Request(long pid, string text, ImmutableDictionary<string, string> headers)
    {
        ArgumentNullException.ThrowIfNull(text);
        return !string.IsNullOrWhiteSpace(text) || headers.ContainsKey(TurnHeaders.Results)
            ? new OutgoingMessage
            {
                To = pid,
                Payload = text,
                MessageType = VmpMessageType.Request,
                CorrelationId = Guid.NewGuid().ToString("N"),
                Headers = headers,
            }
            : throw LlmosException.InvalidArgument($"There is nothing to ask process {pid}: say something.");
    }

    private async Task<VmpMessage> AwaitResponseAsync(VmpMessage request, CancellationToken cancellationToken)
    {
        var filter = new MessageFilter
        {
            From = request.To,
            CorrelationId = request.CorrelationId,
            MessageType = VmpMessageType.Response,
        };

        // The system itself says when a deadline has passed; who hears nothing of it does not wait for ever.
        var started = Stopwatch.GetTimestamp();
        var patience = request.Deadline + DeadlineGrace - DateTimeOffset.UtcNow;
        while (true)
        {
            var slice = WaitSlice;
            if (patience - Stopwatch.GetElapsedTime(started) is { } left && left < slice)
            {
                slice = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }

            if (await ReceiveAsync(request.From, filter, slice, cancellationToken) is { } response)
            {
                return await AnswerAsync(response);
            }

            var process = await GetProcessAsync(request.To);
            if (process.State == ProcessState.Terminated)
            {
                // The response may have come between the two looks.
                return await AnswerAsync(await ReceiveAsync(request.From, filter, TimeSpan.Zero, cancellationToken) ?? throw Ended(process));
            }

            if (Stopwatch.GetElapsedTime(started) >= patience)
            {
                throw Late(process);
            }
        }
    }

    private async Task<VmpMessage> AnswerAsync(VmpMessage response)
    {
        if (VmpHeaders.ErrorOf(response) is not { } error)
        {
            return response;
        }

        var process = await GetProcessAsync(response.From);
        throw error.Code == LlmosErrorCode.DeadlineExceeded
            ? Late(process)
            : process.State == ProcessState.Terminated && error.Code == LlmosErrorCode.FailedPrecondition
                ? Ended(process)
                : new LlmosException(error.Code, $"Process {response.From} could not answer: {error.Message}") { Argument = error.Argument };
    }

    private async Task<LlmosException> EndedAsync(long pid) => Ended(await GetProcessAsync(pid));

    private static LlmosException Ended(ProcessControlBlock process) => LlmosException.Refused(
        $"Process {process.Pid} ({process.Name}) ended before it answered: {process.Exit?.Text.TrimEnd('.') ?? "no reason was kept"}.");

    private static LlmosException Late(ProcessControlBlock process) => new(
        LlmosErrorCode.DeadlineExceeded,
        $"Process {process.Pid} ({process.Name}) has not answered in time; it is {StateText(process)}: "
        + (process.State == ProcessState.Suspended ? $"let it go on with llmos resume {process.Pid}." : $"allow it more time, or see llmos log {process.Pid}."));

    private static string StateText(ProcessControlBlock process) => process.State == ProcessState.Blocked
        ? $"BLOCKED on {process.BlockedOn}"
        : process.State.ToString().ToUpperInvariant();
}
