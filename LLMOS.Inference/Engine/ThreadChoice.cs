using System.Collections.Concurrent;
using System.Diagnostics;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Engine;

/// <summary>
/// How many threads compute. Measured when a model is first used on a device: short decodes with several counts, beside a .NET thread that is busy as the system's own will be. Compute
/// threads wait for each other at barriers, spinning, so that one that finds no core costs the others their time: the most are not the quickest.
/// </summary>
internal static class ThreadChoice
{
    /// <summary>A model of fewer bytes is computed in less time than threads need to be woken.</summary>
    private const long WorthMeasuring = 32 << 20;

    /// <summary>Fewer threads are taken if they are not slower than this times the quickest: they leave cores to others.</summary>
    private const double Near = 1.05;

    private const int Rounds = 3;
    private const int BatchTokens = 16;

    /// <summary>After this long a measurement is broken off, in the middle of a decode on a CPU.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    private static readonly ConcurrentDictionary<(string Path, long Bytes, string? Device, int? GpuLayers), int> Known = new();

    /// <summary>The count without a measurement: one core is left to .NET.</summary>
    public static int Default => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>The count for an engine, measured once in this process for each model and device.</summary>
    public static int For(LlamaModel model, EngineOptions options)
    {
        if (options.Threads > 0)
            return options.Threads;
        if (Environment.ProcessorCount == 1 || model.SizeBytes < WorthMeasuring)
            return 1;
        return Known.GetOrAdd((model.Path, model.SizeBytes, model.Options.Device, model.Options.GpuLayers), _ => Measure(model, Budget));
    }

    /// <summary>The counts to try, the likeliest first, since the time may not be enough for all.</summary>
    internal static List<int> Candidates(int cores)
    {
        var candidates = new List<int> { Math.Max(1, cores - 1) };
        for (var count = cores / 2; count > 1; count /= 2)
            candidates.Add(count);
        candidates.AddRange([1, cores]);
        return [.. candidates.Distinct()];
    }

    /// <summary>The smallest count that is about as quick as the quickest.</summary>
    internal static int Best(IReadOnlyCollection<(int Threads, TimeSpan Took)> measured)
    {
        var quickest = measured.Min(each => each.Took);
        return measured.Where(each => each.Took <= quickest * Near).Min(each => each.Threads);
    }

    internal static int Measure(LlamaModel model, TimeSpan budget)
    {
        try
        {
            var measured = NativeAbort.Run(
                "llama thread choice",
                () => Try(model, budget),
                assertion => new LlamaException(LlamaError.EngineFailed, $"llama.cpp gave up while threads were counted ({assertion})."));
            return measured.Count == 0 ? Default : Best(measured);
        }
        catch (LlamaException)
        {
            // Whatever is wrong is found again, and told, when the engine's own context is made.
            return Default;
        }
    }

    private static List<(int Threads, TimeSpan Took)> Try(LlamaModel model, TimeSpan budget)
    {
        var began = Stopwatch.GetTimestamp();
        var measured = new List<(int, TimeSpan)>();
        using var context = new DecodeContext(model, new EngineOptions { ContextCells = 256, StepTokens = BatchTokens, MaxSequences = 1, Threads = 1 });
        if (!context.HasMemory)
            return measured;
        using var batch = new BatchBuffer(BatchTokens, model.VocabularySize);
        using var company = new Company(() =>
        {
            if (Stopwatch.GetElapsedTime(began) > budget)
                context.Abort();
        });
        foreach (var threads in Candidates(Environment.ProcessorCount))
        {
            context.UseThreads(threads);
            var best = TimeSpan.MaxValue;
            for (var round = 0; round <= Rounds; round++)
            {
                if (Step(context, batch) is not { } took || Stopwatch.GetElapsedTime(began) > budget)
                    return measured;
                if (round > 0 && took < best)
                    best = took;
            }
            measured.Add((threads, best));
        }
        return measured;
    }

    /// <summary>How long a token alone and some together take; null when it was broken off.</summary>
    private static TimeSpan? Step(DecodeContext context, BatchBuffer batch)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var count in (ReadOnlySpan<int>)[1, BatchTokens])
        {
            context.Remove(0);
            batch.Clear();
            for (var i = 0; i < count; i++)
                batch.Add(i % context.Vocabulary, i, 0, output: i == count - 1);
            if (context.Decode(batch) != 0)
                return null;
        }
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>A .NET thread that does something all the time.</summary>
    private sealed class Company : IDisposable
    {
        private readonly Thread _thread;
        private bool _ends;

        public Company(Action everyTime)
        {
            _thread = new Thread(() =>
            {
                while (!Volatile.Read(ref _ends))
                {
                    Thread.SpinWait(100);
                    everyTime();
                }
            })
            {
                IsBackground = true,
                Name = "company of a measurement",
            };
            _thread.Start();
        }

        public void Dispose()
        {
            Volatile.Write(ref _ends, true);
            _thread.Join();
        }
    }
}
