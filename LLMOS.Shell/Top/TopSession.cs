using System.Globalization;
using LLMOS.Client;
using LLMOS.Shell.Attaching;
using LLMOS.Shell.Terminal;

namespace LLMOS.Shell.Top;

/// <summary><c>top</c> on a full screen: keys, samples and the size of the terminal come in, and each changes what is shown.</summary>
internal sealed class TopSession(ShellContext context, LlmosClient client, TopSampler sampler, TimeSpan delay)
{
    /// <summary>How long an action may take; the table goes on meanwhile.</summary>
    private static readonly TimeSpan ActionLimit = TimeSpan.FromSeconds(15);

    private TopSample? _sample;

    /// <summary>Runs until it is quit.</summary>
    /// <param name="state">How it begins.</param>
    /// <param name="cancellationToken">Quits it.</param>
    public async Task RunAsync(TopState state, CancellationToken cancellationToken)
    {
        using var screen = new AlternateScreen(context.Console, context.Interruption);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sampling = SampleAsync(TimeSpan.Zero, stop.Token);
        Task<ConsoleKeyInfo>? key = null;
        Task<string>? acting = null;
        var never = Task.Delay(Timeout.Infinite, stop.Token);
        try
        {
            while (true)
            {
                var resized = screen.NextResize;
                var size = AlternateScreen.Size;
                var page = _sample is null ? 1 : TopScreen.Page(_sample, size.Height);
                var shown = state.Arrange(_sample?.Processes ?? []);
                state = state.Settle(shown, page);
                screen.Show(TopScreen.Draw(state, _sample, shown, size.Width, size.Height), size);

                key ??= context.Keys.ReadAsync(stop.Token).AsTask();
                await Task.WhenAny(key, sampling, resized, acting ?? never);
                cancellationToken.ThrowIfCancellationRequested();
                if (sampling.IsCompleted)
                {
                    state = Take(state, sampling);
                    sampling = SampleAsync(delay, stop.Token);
                }

                if (acting is { IsCompleted: true })
                {
                    state = state with { Message = await acting };
                    acting = null;
                }

                if (key.IsFaulted)
                {
                    // The terminal is gone.
                    return;
                }

                if (key.IsCompleted)
                {
                    (state, var action) = TopKeys.Press(state, await key, shown, page);
                    key = null;
                    switch (action)
                    {
                        case { Kind: TopActionKind.Quit }:
                            return;
                        case { Kind: TopActionKind.Attach, Pid: var pid }:
                            state = state with { Message = await AttachAsync(screen, pid, stop.Token) };
                            break;
                        case not null when acting is null:
                            acting = ActAsync(action);
                            break;
                    }
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)sampling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TopSample> SampleAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        await Task.Delay(after, cancellationToken);
        return await sampler.TakeAsync().WaitAsync(cancellationToken);
    }

    private TopState Take(TopState state, Task<TopSample> sampling)
    {
        if (sampling.IsCompletedSuccessfully)
        {
            _sample = state.IsPaused && _sample is not null ? _sample : sampling.Result;
            return state;
        }

        var why = sampling.Exception is { } failed ? Failure.SentenceOf(failed.InnerException ?? failed) ?? failed.InnerException?.Message : null;
        return state with { Message = why ?? "The system did not answer." };
    }

    private async Task<string> ActAsync(TopAction action)
    {
        var name = _sample?.Processes.FirstOrDefault(row => row.Pid == action.Pid)?.Name ?? "process";
        try
        {
            return await DoAsync(action, string.Create(CultureInfo.InvariantCulture, $"{name} ({action.Pid})")).WaitAsync(ActionLimit);
        }
        catch (Exception failed) when (Failure.SentenceOf(failed) is { } sentence)
        {
            return sentence;
        }
    }

    private async Task<string> DoAsync(TopAction action, string who)
    {
        switch (action.Kind)
        {
            case TopActionKind.Kill:
                await client.KillAsync(action.Pid);
                return $"killed {who}";
            case TopActionKind.Suspend:
                await client.SuspendAsync(action.Pid);
                return $"suspended {who}";
            case TopActionKind.Resume:
                await client.ResumeAsync(action.Pid);
                return $"resumed {who}";
            default:
                var priority = await client.NiceAsync(action.Pid, action.Delta);
                return $"{who} has priority {priority}";
        }
    }

    /// <summary>Shows on the first screen what a process says, until a key is pressed.</summary>
    private async Task<string> AttachAsync(AlternateScreen screen, long pid, CancellationToken cancellationToken)
    {
        screen.Leave();
        try
        {
            context.Console.WriteProgress(string.Create(CultureInfo.InvariantCulture, $"attached to process {pid}; any key goes back"));
            using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var attached = new AttachedOutput(context.Console, client).ShowAsync(pid, left.Token);
            var key = context.Keys.ReadAsync(left.Token).AsTask();
            await Task.WhenAny(key, attached);
            if (attached.IsCompletedSuccessfully && !key.IsCompleted)
            {
                context.Console.WriteProgress("any key goes back");
                await key;
            }

            var failed = attached.Exception?.InnerException;
            await left.CancelAsync();
            await Task.WhenAll(attached, key).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            return failed is null ? "" : Failure.SentenceOf(failed) ?? failed.Message;
        }
        finally
        {
            screen.Enter();
        }
    }
}
