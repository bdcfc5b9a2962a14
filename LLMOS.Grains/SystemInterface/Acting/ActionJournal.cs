using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.SystemInterface.Acting;

/// <summary>
/// What a turn set out to do and did, in a context region of the process's own, <c>/proc/PID/actions</c>. Each step is on disk before the
/// next, under an id that follows from the message: a turn that is run again makes no syscall a second time.
/// </summary>
internal sealed class ActionJournal
{
    // The numbers of a turn's entries; those of its context are lower.
    private const int PlanEntry = 2_000;
    private const int FirstCall = 2_001;

    // Tokens of the newest entries that those of a turn are among.
    private const int Recent = 20_000;

    private readonly IContextRegionGrain _region;
    private readonly ITurn _turn;
    private readonly Dictionary<Guid, ContextEntry> _entries;

    private ActionJournal(IContextRegionGrain region, ITurn turn, IEnumerable<ContextEntry> entries)
    {
        _region = region;
        _turn = turn;
        _entries = entries.ToDictionary(entry => entry.Id);
    }

    /// <summary>The calls that the turn is to make; null before it has thought about it.</summary>
    public ImmutableArray<SyscallCall>? Plan =>
        _entries.TryGetValue(IdOf(PlanEntry), out var entry) ? SyscallJson.Read(entry.Text) : null;

    /// <summary>The path of the region.</summary>
    public static string PathOf(long pid) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/actions");

    public static async Task<ActionJournal> OpenAsync(ITurn turn)
    {
        var region = turn.Grains.GetGrain<IContextRegionGrain>(PathOf(turn.Process.Pid));
        await region.TryCreateAsync(ContextRegionGrain.OwnerOf(turn.Process.Pid));
        return new ActionJournal(region, turn, await region.TailAsync(Recent));
    }

    public Task WritePlanAsync(ImmutableArray<SyscallCall> calls) => WriteAsync(PlanEntry, SyscallJson.Write(calls));

    /// <summary>What a call has come to; null when it was not made yet, and empty when it was begun and nobody knows how it ended.</summary>
    public string? ResultOf(int call) =>
        _entries.TryGetValue(IdOf(DoneEntry(call)), out var done) ? done.Text
        : _entries.ContainsKey(IdOf(BegunEntry(call))) ? ""
        : null;

    public Task BeginAsync(int call, SyscallCall what) => WriteAsync(BegunEntry(call), $"{what} …");

    public Task EndAsync(int call, string result) => WriteAsync(DoneEntry(call), result);

    private static int BegunEntry(int call) => FirstCall + (2 * call);

    private static int DoneEntry(int call) => BegunEntry(call) + 1;

    private Guid IdOf(int entry) => MessageIds.Derive(_turn.Message.MessageId, _turn.Process.Pid, entry);

    private Task<long> WriteAsync(int entry, string text) =>
        _region.AppendAsync(new ContextEntry(IdOf(entry), _turn.Process.Pid, _turn.Process.Name, text, TokenEstimate.Of(text), _turn.Now));
}
