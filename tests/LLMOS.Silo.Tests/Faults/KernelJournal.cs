using System.Globalization;

namespace LLMOS.Silo.Tests.Faults;

/// <summary>
/// What a system that is killed again and again has acknowledged, in all its lives, and what each life found of it. An effect that was
/// announced and not acknowledged may be there or not.
/// </summary>
internal sealed class KernelJournal
{
    private readonly Dictionary<long, Victim> _victims = [];
    private readonly Dictionary<long, long> _turns = [];
    private readonly HashSet<long> _limits = [0];
    private readonly Dictionary<long, string> _found = [];
    private bool _isReady;

    /// <summary>Messages that were acknowledged to their sender in the life under way.</summary>
    public HashSet<Guid> Sent { get; } = [];

    /// <summary>Messages that were taken out of a mailbox in the life under way.</summary>
    public HashSet<Guid> Heard { get; } = [];

    /// <summary>Multicasts of all lives, and how many were to hear each.</summary>
    public Dictionary<Guid, int> Casts { get; } = [];

    public int Effects { get; private set; }

    public int Spawned => _victims.Count;

    /// <summary>Turns that processes had committed when they were last looked at, by PID.</summary>
    public IReadOnlyDictionary<long, long> Turns => _turns;

    public void BeginLife()
    {
        _isReady = false;
        _found.Clear();
        Sent.Clear();
        Heard.Clear();
    }

    /// <summary>Takes a line.</summary>
    /// <returns>Whether the life has told all that it found, and works.</returns>
    public bool Note(string line)
    {
        Effects += _isReady ? 1 : 0;
        switch (line.Split(' '))
        {
            case ["sent", var id, "."]:
                Sent.Add(Guid.Parse(id));
                break;
            case ["heard", var id, "."]:
                Heard.Add(Guid.Parse(id));
                break;
            case ["cast", var id, var count, "."]:
                Casts[Guid.Parse(id)] = (int)Number(count);
                break;
            case ["spawned", var pid, var name, "."]:
                Assert.True(_victims.TryAdd(Number(pid), new Victim(name)), $"PID {pid} was given to {name} and to another before it");
                break;
            case ["will", var syscall, var pid, "."]:
                Of(pid).May.Add(StateAfter(syscall));
                break;
            case ["did", var syscall, var pid, "."]:
                Of(pid).May.Clear();
                Of(pid).May.Add(StateAfter(syscall));
                break;
            case ["limiting", var value, "."]:
                _limits.Add(Number(value));
                break;
            case ["limit", var value, "."]:
                _limits.Clear();
                _limits.Add(Number(value));
                break;
            case ["process", var pid, var name, var state, var turns, "."]:
                NoteProcess(Number(pid), name, state, Number(turns));
                break;
            case ["tokens", var value, "."]:
                Assert.True(_limits.Contains(Number(value)), $"the limit is {value} and was set to {string.Join(" or ", _limits)}");
                _limits.Clear();
                _limits.Add(Number(value));
                break;
            case ["lives", var counted, var living, "."]:
                Assert.True(Number(counted) >= Number(living), $"the account counts {counted} processes and {living} live");
                break;
            case ["ready", "."]:
                EndReport();
                break;
            default:
                break;
        }

        return _isReady;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string StateAfter(string syscall) => syscall switch
    {
        "suspend" => "Suspended",
        "resume" => "Blocked",
        "kill" => "Terminated",
        _ => throw new ArgumentException($"'{syscall}' is no signal.", nameof(syscall)),
    };

    private Victim Of(string pid)
    {
        // One whose spawn was cut off before it was acknowledged is found by the next life.
        var known = _victims.TryGetValue(Number(pid), out var victim);
        return known ? victim! : _victims[Number(pid)] = new Victim(_found[Number(pid)]);
    }

    private void NoteProcess(long pid, string name, string state, long turns)
    {
        Assert.True(_found.TryAdd(pid, name), $"PID {pid} is listed twice");
        Assert.True(turns >= _turns.GetValueOrDefault(pid), $"{name} ({pid}) had {_turns.GetValueOrDefault(pid)} turns and has {turns}");
        _turns[pid] = turns;
        if (_victims.TryGetValue(pid, out var victim))
        {
            Assert.Equal(victim.Name, name);
            Assert.True(victim.May.Contains(state), $"{name} ({pid}) is {state} and was left {string.Join(" or ", victim.May)}");
            victim.May.Clear();
            victim.May.Add(state);
        }
    }

    private void EndReport()
    {
        _isReady = true;
        Assert.Empty(_victims.Keys.Except(_found.Keys));
        Assert.Equal(_found.Count, _found.Values.Distinct().Count());
    }

    private sealed record Victim(string Name)
    {
        /// <summary>The states that it may be found in.</summary>
        public HashSet<string> May { get; } = ["Blocked"];
    }
}
