using System.Diagnostics;
using LLMOS.Inference;
using LLMOS.Inference.Engine;
using LLMOS.Inference.Interop;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>
/// What the engine is held against: <c>llama_decode</c> in a loop, nothing around it. All prompts first, then one batch a step
/// with a token of each sequence. No scheduling, no detokenizing, nobody waits for its tokens.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly LlamaModel _model;
    private readonly BareLoopOptions _options;
    private readonly LlamaContextHandle _context;
    private readonly BatchBuffer _batch;
    private readonly nint _memory;
    private readonly List<(int Index, int Sequence)> _outputs = [];

    public BareLoop(LlamaModel model, BareLoopOptions options)
    {
        _model = model;
        _options = options;
        var parameters = LlamaNative.ContextDefaultParams();
        parameters.ContextCells = (uint)options.ContextCells;
        parameters.BatchTokens = (uint)options.StepTokens;
        parameters.MicroBatchTokens = (uint)options.StepTokens;
        parameters.MaxSequences = (uint)(options.StreamPerSequence ? options.Sequences : EngineOptions.SequenceLimit);
        parameters.UnifiedKv = options.StreamPerSequence ? (byte)0 : (byte)1;
        parameters.Threads = 1;
        parameters.BatchThreads = 1;
        parameters.NoPerf = 1;
        _context = LlamaNative.InitFromModel(model.Handle, parameters);
        if (_context.IsInvalid)
            throw new BenchmarkException($"llama.cpp made no context of {options.ContextCells} cells for the bare loop.");
        _context.Bind(model.Handle);
        _memory = LlamaNative.GetMemory(_context);
        _batch = new BatchBuffer(options.StepTokens, model.VocabularySize);
    }

    /// <summary>Generates the workload on a thread of its own.</summary>
    public Task<GenerationSample> RunAsync(GenerationWorkload workload) =>
        Task.Factory.StartNew(() => Run(workload), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Chooses a token again and again from the logits of one prompt.</summary>
    /// <param name="workload">Its first prompt is computed.</param>
    /// <param name="engines">Whether the engine's sampler chooses, or llama.cpp's chain.</param>
    /// <param name="count">How often.</param>
    /// <returns>Microseconds a token.</returns>
    public Task<double> SampleAsync(GenerationWorkload workload, bool engines, int count) =>
        Task.Factory.StartNew(() => Sample(workload, engines, count), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        _batch.Dispose();
        _context.Dispose();
    }

    private GenerationSample Run(GenerationWorkload workload)
    {
        LlamaNative.MemoryClear(_memory, data: false);
        using var sampler = new NativeBareSampler(workload.Batch);
        var tokens = workload.Prompts.Select(prompt => new List<int>(prompt)).ToArray();
        var timer = WorkTimer.Start();
        var steps = Prefill(tokens, sampler);
        for (var generated = 1; generated < workload.CompletionTokens; generated++)
        {
            Begin();
            for (var sequence = 0; sequence < tokens.Length; sequence++)
                Add(tokens[sequence], tokens[sequence].Count - 1, sequence);
            Step(tokens, sampler);
            steps++;
        }

        var took = timer.Stop();
        var prefilled = workload.Prompts.Sum(prompt => prompt.Length);
        return workload.Sample("bare loop", took, steps, prefilled, tokens.Sum(sequence => sequence.Count) - prefilled);
    }

    private double Sample(GenerationWorkload workload, bool engines, int count)
    {
        LlamaNative.MemoryClear(_memory, data: false);
        using var sampler = engines ? (BareSampler)new EngineBareSampler(_model, 1) : new NativeBareSampler(1);
        var history = new List<int>(workload.Prompts[0]);
        Prefill([history], sampler);
        var logits = _outputs[0].Index;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            history.Add(sampler.Sample(_context, logits, sequence: 0, history));
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }

    private long Prefill(List<int>[] tokens, BareSampler sampler)
    {
        var steps = 0L;
        Begin();
        for (var sequence = 0; sequence < tokens.Length; sequence++)
        {
            var prompt = tokens[sequence].Count;
            for (var position = 0; position < prompt; position++)
            {
                if (_batch.Count == _options.StepTokens)
                    Begin();
                Add(tokens[sequence], position, sequence);
                if (_batch.Count < _options.StepTokens && (sequence < tokens.Length - 1 || position < prompt - 1))
                    continue;
                Step(tokens, sampler);
                steps++;
            }
        }

        return steps;
    }

    private void Begin()
    {
        _batch.Clear();
        _outputs.Clear();
    }

    private void Add(List<int> tokens, int position, int sequence)
    {
        var isLast = position == tokens.Count - 1;
        var index = _batch.Add(tokens[position], position, sequence, isLast);
        if (isLast)
            _outputs.Add((index, sequence));
    }

    private void Step(List<int>[] tokens, BareSampler sampler)
    {
        if (LlamaNative.Decode(_context, _batch.ToNative()) is var result and not 0)
            throw new BenchmarkException($"llama_decode returned {result} in the bare loop.");
        foreach (var (index, sequence) in _outputs)
            tokens[sequence].Add(sampler.Sample(_context, index, sequence, tokens[sequence]));
    }
}
