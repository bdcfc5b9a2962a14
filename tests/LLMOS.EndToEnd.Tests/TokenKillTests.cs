using System.Collections.Immutable;
using System.Text;
using LLMOS.Client;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests;

/// <summary>A silo is killed with -9 while a process speaks at durability token: in each further life the text goes on where it was.</summary>
public sealed class TokenKillTests(ITestOutputHelper output)
{
    private const string Question = "Tell me of the sea.";

    // A trained model is seldom torn between two tokens. Where it is, the last bits of the logits decide, and an answer that is
    // computed in other steps may part from the one it would have been: see ADR 0009.
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "models", "nano.gguf");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly ProcessSpec Speaker = new()
    {
        Name = "speaker",
        Role = "You write.",
        MaxTokensPerTurn = 600,
        Budget = 1_000_000,
        BudgetSlice = TimeSpan.FromHours(1),
        Seed = 11,
    };

    [Fact]
    public async Task What_was_shown_is_never_unsaid_and_the_text_is_the_one_it_would_have_been()
    {
        using var folder = new TemporaryFolder();
        var silo = new SiloProcess(folder.File("data"), "--model", Model, "--threads", "1");
        var (shown, expected, watched) = ("", "", new List<ProcessOutput>());
        var (pid, request) = (0L, default(VmpMessage)!);
        var torn = 0;

        // The first pieces of an answer, and later ones: each life adds to what the one before it showed.
        foreach (var pieces in (int[])[1, 15, 30])
        {
            using var child = await silo.StartAsync();
            await using var application = await silo.ConnectAsync();
            var llmos = application.Client;
            if (pid == 0)
            {
                var undisturbed = await llmos.SpawnAsync(Speaker);
                expected = (await ReceiveAsync(llmos, await llmos.SendAsync(Endless(undisturbed.Pid)))).Payload;
                pid = (await llmos.SpawnAsync(Speaker with { Durability = ProcessDurability.Token })).Pid;
                request = await llmos.SendAsync(Endless(pid));
            }

            var life = await WatchAsync(llmos, pid, shown, pieces, watched, child.KillAsync);
            output.WriteLine($"{shown.Length} characters were shown before this life, {life.Length} in it");
            shown = life;
            Assert.StartsWith(shown, expected, StringComparison.Ordinal);
            if (shown.Length == expected.Length)
            {
                // A silo that is up speaks on before anybody watches; on a busy machine it comes to the end meanwhile.
                break;
            }

            torn++;
        }

        Assert.True(torn >= 2, $"the answer was torn {torn} times, and complete before the silo was killed");

        using var last = await silo.StartAsync();
        await using var end = await silo.ConnectAsync();
        Assert.Equal(expected, (await ReceiveAsync(end.Client, request)).Payload);
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

    /// <summary>A question that the model goes on answering until it has all the tokens of a turn.</summary>
    private static OutgoingMessage Endless(long pid)
    {
        using var model = LlamaModel.Load(Model);
        var options = TurnHeaders.Write(new TurnOptions { ForbiddenTokens = [.. model.EndTokens] });
        return new OutgoingMessage { To = pid, Payload = Question, Headers = ImmutableDictionary<string, string>.Empty.Add(TurnHeaders.Options, options) };
    }

    private static async Task<VmpMessage> ReceiveAsync(LlmosClient llmos, VmpMessage request) =>
        await llmos.ReceiveAsync(
            WellKnownPids.Console, new MessageFilter { CorrelationId = request.MessageId.ToString() }, Patience, TestContext.Current.CancellationToken)
        ?? throw new TimeoutException($"No response within {Patience}.");

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
