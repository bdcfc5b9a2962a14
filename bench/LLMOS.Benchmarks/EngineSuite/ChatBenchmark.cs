using System.Globalization;
using LLMOS.Benchmarks.EngineSuite.Peers;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Plain chats, as many at once as there are clients: what a server without priorities is good at.</summary>
internal static class ChatBenchmark
{
    private const int Prompt = 128;
    private const int Answer = 64;

    /// <summary>KV cells of a sequence, in llama.cpp's granularity.</summary>
    private const int Cells = 256;

    /// <summary>At fewer chats node-llama-cpp is compared, too, without a goal.</summary>
    private const int ManyChats = 8;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        if (run.Options.LlamaServer is null && run.Options.NodeLlamaCpp is null)
        {
            run.Say("chats: nobody to be compared with; give --llama-server PATH or --node-llama-cpp FOLDER");
            return;
        }

        var path = ModelCache.Find(run);
        using var model = LlamaModel.Load(path);
        foreach (var chats in (int[])(run.Quick ? [1, 8] : [1, 4, 8, 16, 32]))
            await CompareAsync(run, model, path, chats, cancellationToken);
    }

    /// <summary>The settings of a llama-server that may suit so many clients best: a slot for each, with a cache for each slot or one for all, or half as many slots.</summary>
    public static IReadOnlyList<LlamaServerSettings> Candidates(int clients, int cells)
    {
        var each = new LlamaServerSettings(clients, cells) { Clients = clients };
        return clients == 1 ? [each] : [each, each with { Unified = true }, each with { Slots = clients / 2 }];
    }

    /// <summary>The engine's own settings: a cache for each sequence, or one for all.</summary>
    public static IReadOnlyList<EngineOptions> EngineCandidates(int clients, int cells)
    {
        var shared = new EngineOptions { ContextCells = clients * cells, Threads = 1 };
        return clients == 1 ? [shared] : [shared with { KvLayout = KvLayout.PerSequence, MaxSequences = clients }, shared];
    }

    private static async Task CompareAsync(SuiteRun run, LlamaModel model, string path, int chats, CancellationToken cancellationToken)
    {
        run.Say($"{chats} closed-loop chats, {Prompt} tokens in, {Answer} out");
        var load = Load(model, chats, run.Quick ? 1 : 2);
        var subjects = new List<IChatSubject>();
        try
        {
            subjects.Add(await StartBestAsync(run, model, load, cancellationToken));
            if (run.Options.LlamaServer is { } server)
                subjects.Add(await StartBestAsync(run, server, path, load, cancellationToken));
            if (run.Options.NodeLlamaCpp is { } folder)
                subjects.Add(await NodeLlamaCpp.StartAsync(folder, path, chats, Cells, cancellationToken));
            var samples = await Interleaved.RunAsync<ChatRun>(
                run.Rounds, [.. subjects.Select(subject => (Func<CancellationToken, Task<ChatRun>>)(stop => subject.RunAsync(load, stop)))], cancellationToken);
            for (var i = 0; i < subjects.Count; i++)
                run.Say($"  {subjects[i].Name}: {string.Join("  ", samples[i].Select(sample => sample.TokensPerSecond.ToString("0.0", CultureInfo.InvariantCulture)))} tokens/s");
            for (var peer = 1; peer < subjects.Count; peer++)
                Add(run, chats, samples[0], subjects[peer], samples[peer]);
        }
        finally
        {
            foreach (var subject in subjects)
                await subject.DisposeAsync();
        }
    }

    private static void Add(SuiteRun run, int chats, IReadOnlyList<ChatRun> mine, IChatSubject peer, IReadOnlyList<ChatRun> theirs)
    {
        var goal = peer is LlamaServer ? Goal.RatioAtLeast(1.0) : chats >= ManyChats ? Goal.RatioAtLeast(1.2) : null;
        var name = $"of {chats} closed-loop {(chats == 1 ? "chat" : "chats")}, {Prompt} in, {Answer} out";
        run.Add(Compare($"goodput {name}", "tokens/s", sample => sample.TokensPerSecond) with { Goal = goal });
        run.Add(Compare($"median time to first token {name}", "s", sample => Statistics.Median(sample.FirstTokens)));
        run.Add(Compare($"prompt tokens computed {name}", "tokens", sample => sample.Prefilled));

        Row Compare(string row, string unit, Func<ChatRun, double> select) => Comparison.Of(row, unit, mine.Select(select), peer.Name, theirs.Select(select));
    }

    /// <summary>Tries the engine's settings once each, as the server's are.</summary>
    private static async Task<EngineChats> StartBestAsync(SuiteRun run, LlamaModel model, ChatLoad load, CancellationToken cancellationToken)
    {
        var candidates = EngineCandidates(load.Chats.Count, Cells);
        var (best, rate) = (candidates[0], 0.0);
        foreach (var candidate in run.Quick || candidates.Count == 1 ? [] : candidates)
        {
            await using var trial = new EngineChats(model, candidate);
            var reached = (await trial.RunAsync(load, cancellationToken)).TokensPerSecond;
            run.Say(string.Create(CultureInfo.InvariantCulture, $"  tried {trial.Name}: {reached:0.0} tokens/s"));
            if (reached > rate)
                (best, rate) = (candidate, reached);
        }

        return new EngineChats(model, best);
    }

    /// <summary>Tries the settings once each and starts the server again with the one that gave the highest rate.</summary>
    private static async Task<LlamaServer> StartBestAsync(SuiteRun run, string server, string path, ChatLoad load, CancellationToken cancellationToken)
    {
        var candidates = Candidates(load.Chats.Count, Cells);
        var (best, rate) = (candidates[0], 0.0);
        foreach (var candidate in run.Quick || candidates.Count == 1 ? [] : candidates)
        {
            await using var trial = await LlamaServer.StartAsync(server, path, candidate, cancellationToken);
            var reached = (await trial.RunAsync(load, cancellationToken)).TokensPerSecond;
            run.Say(string.Create(CultureInfo.InvariantCulture, $"  tried {trial.Name}: {reached:0.0} tokens/s"));
            if (reached > rate)
                (best, rate) = (candidate, reached);
        }

        return await LlamaServer.StartAsync(server, path, best, cancellationToken);
    }

    private static ChatLoad Load(LlamaModel model, int chats, int turns) => new(
        [.. Enumerable.Range(0, chats).Select(chat => (IReadOnlyList<int[]>)[.. Enumerable.Range(0, turns).Select(turn => SharedPrefixBenchmark.Tokens(model, (chat * turns) + turn, Prompt))])],
        Answer);
}
