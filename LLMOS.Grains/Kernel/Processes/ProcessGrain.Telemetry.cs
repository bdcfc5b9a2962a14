using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// What is seen of the process from outside its activation: its state and its mailbox, for gauges, and its PID in the log.
public sealed partial class ProcessGrain
{
    private const int NoState = -1;

    private static readonly Func<ILogger, long, IDisposable?> LogScope = LoggerMessage.DefineScope<long>("process {Pid}");

    private volatile int _shownState = NoState;

    /// <summary>Its state as of its last change; null for one that never was. Safe from any thread.</summary>
    internal ProcessState? ShownState => _shownState is >= 0 and var state ? (ProcessState)state : null;

    /// <summary>Messages that wait in its mailbox, about. Safe from any thread.</summary>
    internal int ShownWaiting => _mailbox.Count;

    private void ShowState() => _shownState = Record.Pcb is { } process ? (int)process.State : NoState;
}
