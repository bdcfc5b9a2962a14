using System.Collections.Concurrent;

namespace LLMOS.Shell.Mounting;

/// <summary>
/// Reads the kernel's requests and answers each of them, several at once. No request ends it: what cannot be understood or
/// fails is answered with an error.
/// </summary>
/// <param name="channel">Where requests come from.</param>
/// <param name="answer">What answers them; null for a request that has no reply.</param>
/// <param name="report">Is told of what should not happen.</param>
internal sealed class FuseConnection(IFuseChannel channel, Func<FuseRequest, CancellationToken, ValueTask<FuseReply?>> answer, Action<string> report) : IDisposable
{
    // A signal that a program handles, of a timer or its runtime, makes no call fail on other disks: what is done soon is done,
    // and only what waits for longer is given up for it.
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _slots = new(FuseProtocol.MaxConcurrent);
    private readonly ConcurrentDictionary<ulong, CancellationTokenSource> _interruptible = [];
    private readonly ConcurrentDictionary<Task, bool> _running = [];
    private readonly TaskCompletionSource _agreed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the kernel and this program have agreed how they speak; fails when they cannot.</summary>
    public Task Agreed => _agreed.Task;

    /// <summary>Serves until the channel ends, and until what was asked before has been answered.</summary>
    public async Task RunAsync()
    {
        // The device is waited at with a thread, because nothing else tells of a request.
        await Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(_running.Keys);
        _agreed.TrySetException(LlmosException.Unavailable("The folder was taken away before the kernel and this program had agreed how they speak: mount it again."));
    }

    public void Dispose() => _slots.Dispose();

    private void ReadAll()
    {
        var buffer = new byte[FuseProtocol.RequestBuffer];
        for (int length; (length = channel.Read(buffer)) > 0;)
        {
            if (FuseRequest.Parse(buffer.AsSpan(0, length)) is { } request)
            {
                Begin(request);
            }
        }
    }

    private void Begin(FuseRequest request)
    {
        // It runs on this thread until it first waits, so that requests on one file wait in the order in which they came.
        var running = ServeAsync(request);
        if (!running.IsCompleted)
        {
            _running[running] = true;
            running.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(FuseRequest request)
    {
        try
        {
            var reply = await ReplyAsync(request);
            if (reply is not null && !channel.Write(reply.To(request.Unique)))
            {
                reply.Undelivered?.Invoke();
            }
            else if (reply is { Outdated: not 0 })
            {
                // A node that the kernel has forgotten meanwhile is no error.
                channel.Write(FuseReply.Invalidate(reply.Outdated));
            }
        }
        catch (Exception failed)
        {
            // This is the last place that could know of it.
            report($"A reply to the kernel failed: {failed.Message.ReplaceLineEndings(" ").TrimEnd('.')}.");
        }
    }

    private async ValueTask<FuseReply?> ReplyAsync(FuseRequest request)
    {
        try
        {
            if (!request.IsWhole)
            {
                return FuseReply.Of(Errno.EINVAL);
            }

            switch (request.Opcode)
            {
                case FuseOpcode.Init:
                    return Negotiate(request);
                case FuseOpcode.Interrupt:
                    Interrupt(request);
                    return null;
                case FuseOpcode.Destroy:
                    return new FuseReply();

                // The kernel waits for no answer to these, and tells them after what they are about.
                case FuseOpcode.Forget or FuseOpcode.BatchForget:
                    return await answer(request, CancellationToken.None);
                default:
                    return await AnswerAsync(request);
            }
        }
        catch (Exception failed)
        {
            var errno = FileErrors.Of(failed);
            if (errno == Errno.EIO && Failure.SentenceOf(failed) is null)
            {
                report($"{request.Opcode} failed, and should not: {failed.GetType().Name}, {failed.Message.ReplaceLineEndings(" ").TrimEnd('.')}.");
            }

            return request.Opcode is FuseOpcode.Forget or FuseOpcode.BatchForget or FuseOpcode.Interrupt ? null : FuseReply.Of(errno);
        }
    }

    private async ValueTask<FuseReply?> AnswerAsync(FuseRequest request)
    {
        using var interruption = new CancellationTokenSource();
        _interruptible[request.Unique] = interruption;
        try
        {
            await _slots.WaitAsync(interruption.Token);
            try
            {
                return await answer(request, interruption.Token);
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            _interruptible.TryRemove(request.Unique, out _);
        }
    }

    private FuseReply Negotiate(FuseRequest request)
    {
        try
        {
            var (reply, agreed) = FuseProtocol.Negotiate(request);
            if (agreed)
            {
                _agreed.TrySetResult();
            }

            return reply;
        }
        catch (ErrnoException old) when (old.Errno == Errno.EPROTO)
        {
            _agreed.TrySetException(new LlmosException(LlmosErrorCode.NotAvailable, old.Message, old));
            throw;
        }
    }

    private void Interrupt(FuseRequest request)
    {
        var body = request.Body;
        if (_interruptible.TryGetValue(body.UInt64(), out var interruption))
        {
            try
            {
                interruption.CancelAfter(InterruptGrace);
            }
            catch (ObjectDisposedException)
            {
                // It was answered at the same time.
            }
        }
    }
}
