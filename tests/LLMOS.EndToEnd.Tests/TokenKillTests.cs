using System.Text;
using LLMOS.Client;
using LLMOS.Inference.Gguf;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using ModelForge;

namespace LLMOS.Tests;

/// <summary>A silo is killed with -9 while a process speaks at durability token: in each further life the text goes on where it was.</summary>
public sealed class TokenKillTests(ITestOutputHelper output)
{
    private const string Question = "Tell me of the sea.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly ProcessSpec Speaker = new()
    {
        Name = "speaker",
        Role = "You write.",
        MaxTokensPerTurn = 500,
        Budget = 1_000_000,
        BudgetSlice = TimeSpan.FromHours(1),
        Seed = 11,
    };

    [Fact]
    public async Task What_was_shown_is_never_unsaid_and_the_text_is_the_one_it_would_have_been()
    {
        using var folder = new TemporaryFolder();
        var silo = new SiloProcess(folder.File("data"), "--model", ForgeModel(folder), "--threads", "1");
        var (shown, expected, watched) = ("", "", new List<ProcessOutput>());
        var (pid, request) = (0L, default(VmpMessage)!);

        // The first pieces of an answer, and later ones: each life adds to what the one before it showed.
        foreach (var pieces in (int[])[1, 20, 40])
        {
            using var child = await silo.StartAsync();
            await using var application = await silo.ConnectAsync();
            var llmos = application.Client;
            if (pid == 0)
            {
                var undisturbed = await llmos.SpawnAsync(Speaker);
                expected = (await llmos.AskAsync(undisturbed.Pid, Question, cancellationToken: TestContext.Current.CancellationToken)).Payload;
                pid = (await llmos.SpawnAsync(Speaker with { Durability = ProcessDurability.Token })).Pid;
                request = await llmos.SendAsync(new OutgoingMessage { To = pid, Payload = Question });
            }

            var life = await WatchAsync(llmos, pid, shown, pieces, watched, child.KillAsync);
            output.WriteLine($"{shown.Length} characters were shown before this life, {life.Length} in it");
            shown = life;
            Assert.StartsWith(shown, expected, StringComparison.Ordinal);
            Assert.True(shown.Length < expected.Length, "the answer was complete before the silo was killed, so nothing was tested");
        }

        using var last = await silo.StartAsync();
        await using var end = await silo.ConnectAsync();
        var response = await end.Client.ReceiveAsync(WellKnownPids.Console, new MessageFilter { CorrelationId = request.MessageId.ToString() }, Patience, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, response?.Payload);
        Assert.DoesNotContain(watched, seen => seen.Kind == ProcessOutputKind.TurnRestarted);

        // Counted once, whatever the silo was doing when it was killed, as the one that was not disturbed counts it.
        var process = await end.Client.GetProcessAsync(pid);
        Assert.Equal(1, process.Turns);
        Assert.Equal(Speaker.MaxTokensPerTurn, process.CompletionTokens);
        Assert.Equal(process.PromptTokens + process.CompletionTokens, process.Budget.Consumed);
        Assert.Equal(
            [Question, expected],
            (await end.Client.ReadRegionAsync(process.Context.Region)).Select(entry => entry.Text));
    }

    // With weights of full precision, so that a prompt and an answer that are computed in other steps have the same logits but
    // for their last bits: see ADR 0009. Slow enough to be found at work.
    private static string ForgeModel(TemporaryFolder folder)
    {
        var path = folder.File("speaker.gguf");
        RandomModel.Write(
            path,
            new ModelShape(Width: 256, Layers: 6, Heads: 4, KvHeads: 2, FeedForward: 768, Vocabulary: 2048, ContextLength: 4096),
            GgmlType.F32,
            seed: 1,
            new RandomModelOptions { Name = "speaker" });
        return path;
    }

    /// <summary>Watches a life of the silo until so many further pieces are shown, and kills it.</summary>
    /// <returns>The text that was shown in it, which begins with what was shown before.</returns>
    private static async Task<string> WatchAsync(LlmosClient llmos, long pid, string before, int pieces, List<ProcessOutput> watched, Func<Task> kill)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var text = new StringBuilder();
        await foreach (var seen in llmos.Grains.GetGrain<IProcessGrain>(pid).WatchAsync(0, limit.Token).WithCancellation(limit.Token))
        {
            watched.Add(seen);
            text.Append(seen.Kind == ProcessOutputKind.Text ? seen.Text : "");
            if (seen.Kind == ProcessOutputKind.Text && text.Length > before.Length && --pieces <= 0)
            {
                break;
            }
        }

        await kill();
        Assert.StartsWith(before, text.ToString(), StringComparison.Ordinal);
        return text.ToString();
    }
}
