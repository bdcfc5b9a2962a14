using System.Diagnostics;
using System.Globalization;

namespace LLMOS.Silo.Tests.Faults;

/// <summary>A whole system in a process of its own that is killed round after round, with what it has acknowledged.</summary>
/// <param name="seed">What the moments and the workload are drawn from.</param>
/// <param name="rounds">How often it is killed.</param>
internal sealed class KilledSystem(int seed, int rounds) : IDisposable
{
    private const int RoundsBetweenAudits = 25;
    private const int MostEffects = 120;

    // Before that the runtime loads, and nothing is open yet.
    private const double EarliestInStart = 0.3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();
    private readonly KernelJournal _journal = new();
    private TimeSpan _start;

    public int Seed => seed;

    public int Rounds => rounds;

    public void Dispose() => _folder.Dispose();

    /// <summary>All its lives, and what must be true after each and at the end.</summary>
    public async Task RunAsync()
    {
        var random = new Random(seed);
        var end = 0L;
        for (var round = 1; round <= rounds; round++)
        {
            try
            {
                await LiveAsync(random);
                end = await KernelAudit.HoldLifeAsync(_folder.Path, _journal, end);
                if (round % RoundsBetweenAudits == 0)
                {
                    await KernelAudit.HoldAllAsync(_folder.Path, _journal, isAtRest: false);
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {exception.Message}", exception);
            }
        }

        _journal.BeginLife();
        await using (var last = ChildProcess.Start("kernel-drain", _folder.Path))
        {
            await ReadToReadyAsync(last);
            var (code, error) = await last.WaitAsync();
            Assert.True(code == 0, error);
        }

        await KernelAudit.HoldAllAsync(_folder.Path, _journal, isAtRest: true);
        Assert.True(_journal.Spawned > 0 && _journal.Casts.Count > 0, $"seed {seed}: the workload did too little");
    }

    public override string ToString() => $"{_journal.Effects} effects, {_journal.Spawned} of them spawns, {_journal.Casts.Count} multicasts";

    /// <summary>One life: until a number of effects is acknowledged, or, every other one, until a moment of its start.</summary>
    private async Task LiveAsync(Random random)
    {
        _journal.BeginLife();
        await using var child = ChildProcess.Start("kernel", _folder.Path, random.Next().ToString(CultureInfo.InvariantCulture));
        if (_start > TimeSpan.Zero && random.Next(2) == 0)
        {
            await Task.Delay(_start * (EarliestInStart + (random.NextDouble() * (1 - EarliestInStart))));
        }
        else
        {
            var began = Stopwatch.GetTimestamp();
            await ReadToReadyAsync(child);
            _start = Stopwatch.GetElapsedTime(began);
            for (var left = random.Next(MostEffects); left > 0 && await child.ReadLineAsync(Limit) is { } line; left--)
            {
                _journal.Note(line);
            }
        }

        await child.KillAsync();
        while (await child.ReadLineAsync() is { } line)
        {
            _journal.Note(line);
        }
    }

    private async Task ReadToReadyAsync(ChildProcess child)
    {
        while (await child.ReadLineAsync(Limit) is { } line)
        {
            if (_journal.Note(line))
            {
                return;
            }
        }

        Assert.Fail((await child.WaitAsync()).Error);
    }
}
