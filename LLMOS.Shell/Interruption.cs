using System.Runtime.InteropServices;

namespace LLMOS.Shell;

/// <summary>
/// What Ctrl-C and SIGTERM do. The first one cancels what runs, which then has a limited time to put itself away; the
/// second one leaves at once, by the signal's own action. While nothing runs, as at the interactive prompt, the signal
/// only calls <see cref="Idle"/>.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long what was cancelled may take to end before the program ends without it.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration[] _registrations;
    private CancellationTokenSource? _running = new();
    private Timer? _limit;
    private int _signals;
    private int _exitCode = ExitCodes.Interrupted;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

    /// <summary>Called for a Ctrl-C while nothing runs.</summary>
    public Action? Idle { get; set; }

    /// <summary>Called before the program is left at once, to put the terminal right.</summary>
    public Action? Leaving { get; set; }

    /// <summary>The exit code for what was cancelled by the last signal.</summary>
    public int ExitCode
    {
        get
        {
            lock (_lock)
            {
                return _exitCode;
            }
        }
    }

    /// <summary>Whether SIGTERM asked the whole program to end.</summary>
    public bool MustEnd => ExitCode == ExitCodes.Terminated;

    /// <summary>The token of what runs from the program's start on.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                return _running?.Token ?? CancellationToken.None;
            }
        }
    }

    /// <summary>Says that nothing runs until the next <see cref="Begin"/>.</summary>
    public void Rest()
    {
        lock (_lock)
        {
            _limit?.Dispose();
            _limit = null;
            _running?.Dispose();
            _running = null;
        }
    }

    /// <summary>Says that something runs from now on, and gives the token that Ctrl-C cancels.</summary>
    public CancellationToken Begin()
    {
        lock (_lock)
        {
            _signals = 0;
            _running?.Dispose();
            _running = new CancellationTokenSource();
            return _running.Token;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        Rest();
    }

    private void OnSignal(PosixSignalContext context)
    {
        CancellationTokenSource? running;
        lock (_lock)
        {
            _exitCode = context.Signal == PosixSignal.SIGTERM ? ExitCodes.Terminated : ExitCodes.Interrupted;
            running = _running;
            if ((running is null && context.Signal == PosixSignal.SIGTERM) || (running is not null && ++_signals > 1))
            {
                Leaving?.Invoke();
                return;
            }

            context.Cancel = true;
            if (running is not null)
            {
                var exitCode = _exitCode;
                _limit = new Timer(_ => Environment.Exit(exitCode), null, StopLimit, Timeout.InfiniteTimeSpan);
            }
        }

        if (running is null)
        {
            Idle?.Invoke();
            return;
        }

        try
        {
            running.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // What ran ended at the same time.
        }
    }
}
