namespace LLMOS.Benchmarks.Measuring;

/// <summary>
/// Runs what is to be compared in turn, so that a machine that is busy for a while is busy for all. Each round begins with
/// another subject (A B C, B C A, C A B, …), so that none always comes after the same other.
/// </summary>
internal static class Interleaved
{
    /// <summary>Runs the subjects <paramref name="rounds"/> times each, after one round that does not count. Between runs the process comes to rest.</summary>
    /// <param name="rounds">Rounds that count; at least 1.</param>
    /// <param name="subjects">What is run; all give the same kind of sample.</param>
    /// <param name="cancellationToken">Stops before the next run.</param>
    /// <returns>The samples of each subject in the order of the rounds.</returns>
    public static async Task<IReadOnlyList<T>[]> RunAsync<T>(
        int rounds, IReadOnlyList<Func<CancellationToken, Task<T>>> subjects, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentNullException.ThrowIfNull(subjects);
        var samples = subjects.Select(_ => new List<T>(rounds)).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var turn = 0; turn < subjects.Count; turn++)
            {
                var subject = (round + turn) % subjects.Count;
                cancellationToken.ThrowIfCancellationRequested();
                await Quiet.WaitAsync(cancellationToken);
                var sample = await subjects[subject](cancellationToken);
                if (round > 0)
                    samples[subject].Add(sample);
            }
        }

        return [.. samples];
    }
}
