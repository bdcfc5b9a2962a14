using System.Diagnostics;

namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>Drives chats on something that answers one prompt at a time for each of them.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs a load.</summary>
    /// <param name="load">What is asked.</param>
    /// <param name="askAsync">Asks one prompt.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<ChatRun> RunAsync(
        ChatLoad load, Func<int[], CancellationToken, Task<ChatAnswer>> askAsync, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var chats = await Task.WhenAll(load.Chats.Select(async prompts =>
        {
            var answers = new List<ChatAnswer>(prompts.Count);
            foreach (var prompt in prompts)
                answers.Add(await askAsync(prompt, cancellationToken));
            return answers;
        }));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        List<ChatAnswer> all = [.. chats.SelectMany(answers => answers)];
        return new ChatRun(seconds, all.Sum(answer => answer.Prefilled), all.Sum(answer => answer.Generated), [.. all.Select(answer => answer.FirstToken)]);
    }
}
