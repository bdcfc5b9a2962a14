using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Kernel.Scheduling;

/// <summary>
/// Processes that ask each other and answer, the probes and answers on their way, and what is true: who waits for what that whom has not given.
/// </summary>
internal sealed class WaitModel
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly Member[] _members;
    private readonly List<WaitProbe> _probes = [];
    private readonly List<(int To, Guid Wait)> _answers = [];
    private long _rounds;

    public WaitModel(int count) => _members = [.. Enumerable.Range(0, count).Select(_ => new Member())];

    /// <summary>Circles in which somebody gave up.</summary>
    public int Broken { get; private set; }

    public void Do(int operation, int who, int whom)
    {
        var member = _members[who];
        switch (operation)
        {
            case 0 or 1 or 2 when !member.IsBlocked:
                Ask(who, whom);
                break;
            case 3 when !member.IsBlocked && member.Asked.Count > 0:
                // It answers one of those that wait for it: the answer is on its way.
                var answered = member.Asked[whom % member.Asked.Count];
                member.Asked.Remove(answered);
                _answers.Add(answered);
                break;
            case 4 when _answers.Count > 0:
                Arrive(whom % _answers.Count);
                break;
            case 5:
                Probe(who);
                break;
            case 6 when member.Waits.Waits.Count > 0:
                // It loses patience; the question stays where it is.
                member.Waits.End(member.Waits.Waits.ElementAt(whom % member.Waits.Waits.Count).Id);
                break;
            case 7 or 8 or 9 when _probes.Count > 0:
                Deliver(whom % _probes.Count);
                break;
        }
    }

    /// <summary>Nobody asks any more; all that is on its way comes, and whoever waits says so.</summary>
    public void Settle()
    {
        // Each round breaks a circle of each process that is in one; a process is in no more than it waits for.
        for (var round = 0; round < 3 * _members.Length && Array.Exists(_members, member => member.IsBlocked); round++)
        {
            while (_answers.Count > 0)
            {
                Arrive(0);
            }

            for (var who = 0; who < _members.Length; who++)
            {
                Probe(who);
                while (_probes.Count > 0)
                {
                    Deliver(_probes.Count / 2);
                }
            }
        }
    }

    public bool HasCircle() => Enumerable.Range(0, _members.Length).Any(who => Reaches(who, who, []));

    private bool Reaches(int from, int to, HashSet<int> seen) => _members[from].Waits.Waits.Where(wait => IsOwed(wait, (int)wait.On)).Any(
        wait => wait.On == to || (seen.Add((int)wait.On) && Reaches((int)wait.On, to, seen)));

    private bool IsOwed(ProcessWait wait, int by) => _members[by].Asked.Exists(asked => asked.Wait == wait.Id);

    private void Ask(int who, int whom)
    {
        // One to three at once, all of which it needs.
        for (var i = 0; i <= whom % 3; i++)
        {
            var other = (who + 1 + ((whom / (i + 3)) % (_members.Length - 1))) % _members.Length;
            var wait = new ProcessWait { Id = Guid.NewGuid(), Kind = WaitKind.Response, On = other };
            _members[who].Waits.Begin(wait, Start);
            _members[other].Asked.Add((who, wait.Id));
        }
    }

    private void Arrive(int index)
    {
        var (to, wait) = _answers[index];
        _answers.RemoveAt(index);
        _members[to].Waits.End(wait);
    }

    private void Probe(int who)
    {
        _rounds++;
        _probes.AddRange(_members[who].Waits.Waits.Select(wait => new WaitProbe(_rounds, [Step(who, wait)])));
    }

    private void Deliver(int index)
    {
        var probe = _probes[index];
        _probes.RemoveAt(index);
        var last = probe.Path[^1];
        var at = (int)last.On;
        if (!_members[at].Asked.Exists(asked => asked.Wait == last.WaitId))
        {
            return;
        }

        switch (_members[at].Waits.Receive(probe, at))
        {
            case ProbeVerdict.PassOn:
                _probes.AddRange(_members[at].Waits.Waits.Select(wait => probe with { Path = probe.Path.Add(Step(at, wait)) }));
                break;
            case ProbeVerdict.Circle when probe.Path.All(step => _members[step.Pid].Waits.Find(step.WaitId) is not null):
                // Nothing is given up that could have ended: each of the waits is for something that is still owed.
                Assert.All(probe.Path, step => Assert.Contains(_members[step.On].Asked, asked => asked.Wait == step.WaitId));
                var victim = WaitCircle.Victim(probe.Path);
                _members[victim.Pid].Waits.End(victim.WaitId);
                Broken++;
                break;
        }
    }

    private static WaitStep Step(int who, ProcessWait wait) => new()
    {
        WaitId = wait.Id,
        Kind = wait.Kind,
        Pid = who,
        On = wait.On,
        Priority = new ProcessPriority(who % 3),
    };

    private sealed class Member
    {
        public WaitBook Waits { get; } = new();

        /// <summary>What is asked of it and not answered.</summary>
        public List<(int By, Guid Wait)> Asked { get; } = [];

        public bool IsBlocked => Waits.Waits.Count > 0;
    }
}
