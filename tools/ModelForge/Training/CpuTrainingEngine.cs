using System.Numerics.Tensors;

namespace ModelForge.Training;

/// <summary>
/// Steps on several threads: each predicts a micro-batch and adds up a gradient of its own; the gradients are summed in a fixed
/// order, so that equal seeds and threads give equal weights to the bit, across an interruption too.
/// </summary>
internal sealed unsafe class CpuTrainingEngine : ITrainingEngine
{
    private readonly TrainingState _state;
    private readonly TrainingOptions _options;
    private readonly int _tasks;
    private readonly Worker[] _workers;
    private readonly ParallelOptions _parallel;

    /// <param name="state">Where the training stands; its weights are moved.</param>
    /// <param name="options">How.</param>
    /// <param name="tasks">How many tasks the documents have.</param>
    public CpuTrainingEngine(TrainingState state, TrainingOptions options, int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        (_state, _options, _tasks) = (state, options, tasks);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads };
        _workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new Worker(state.Layout, tasks, state.Identity.Optimizer))];
    }

    public string Name => $"{_workers.Length} threads";

    public int Parts => _workers.Length;

    public BatchOutcome Step(TrainingBatch batch, float rate)
    {
        Parallel.For(0, _workers.Length, _parallel, index =>
        {
            var worker = _workers[index];
            worker.Gradient.Span.Clear();
            worker.Outcome.Clear();
            worker.Transformer.Run(
                _state.Parameters.Pointer, batch.Parts[index], worker.Gradient.Pointer, 1f / batch.Targets, worker.Outcome,
                Dropout.At(_options.Dropout, _state.Step, index));
        });

        var tensors = _state.Layout.Tensors;
        var squares = new double[tensors.Count];
        Parallel.For(0, tensors.Count, _parallel, index =>
        {
            var sum = _workers[0].Gradient.Slice(tensors[index].Offset, tensors[index].Length);
            foreach (var worker in _workers.AsSpan(1))
                TensorPrimitives.Add(sum, worker.Gradient.Slice(tensors[index].Offset, tensors[index].Length), sum);
            squares[index] = TensorPrimitives.SumOfSquares<float>(sum);
        });
        var norm = Math.Sqrt(squares.Sum());
        TrainingFailedException.ThrowIfNotANumber(norm, _state.Step + 1, _options.PeakRate);

        var (clip, step) = ((float)Math.Min(1, _options.ClipNorm / norm), _state.Step + 1);
        var taken = -1;
        Parallel.For(0, _workers.Length, _parallel, index =>
        {
            for (int next; (next = Interlocked.Increment(ref taken)) < tensors.Count;)
                Move(tensors[next], _workers[index], clip, step, rate);
        });
        return Total();
    }

    /// <summary>How well documents are predicted, without learning from them.</summary>
    public BatchOutcome Evaluate(IReadOnlyList<TrainingDocument> documents)
    {
        Parallel.For(0, _workers.Length, _parallel, index =>
        {
            var worker = _workers[index];
            worker.Outcome.Clear();
            var batch = new MicroBatch();
            for (var i = index; i < documents.Count; i += _workers.Length)
            {
                batch.Add(documents[i]);
                if (batch.Inputs < _options.BatchTokens / _workers.Length && i + _workers.Length < documents.Count)
                    continue;
                worker.Transformer.Run(_state.Parameters.Pointer, batch, null, 0, worker.Outcome);
                batch.Clear();
            }
        });
        return Total();
    }

    public void Store()
    {
        // They are there already.
    }

    public void Dispose()
    {
        foreach (var worker in _workers)
            worker.Dispose();
    }

    private void Move(ParameterTensor tensor, Worker worker, float clip, long step, float rate)
    {
        var (offset, length) = (tensor.Offset, tensor.Length);
        if (worker.Muon is { } muon && Muon.IsFor(tensor))
        {
            muon.Step(
                tensor, _state.Parameters.Slice(offset, length), _workers[0].Gradient.Slice(offset, length), clip,
                _state.FirstMoments.Slice(offset, length), rate * _options.MuonRate, _options.WeightDecay);
            return;
        }

        AdamW.Step(
            _state.Parameters.Pointer + offset, _workers[0].Gradient.Pointer + offset, clip, _state.FirstMoments.Pointer + offset,
            _state.SecondMoments.Pointer + offset, length, step, rate, tensor.IsNorm ? 0 : _options.WeightDecay);
    }

    private BatchOutcome Total()
    {
        var total = new BatchOutcome(_tasks);
        foreach (var worker in _workers)
            total.Add(worker.Outcome);
        return total;
    }

    private sealed class Worker(ParameterLayout layout, int tasks, Optimizer optimizer) : IDisposable
    {
        public Transformer Transformer { get; } = new(layout);

        /// <summary>Moves the matrices between hidden layers; null when AdamW does.</summary>
        public Muon? Muon { get; } = optimizer == Optimizer.Muon ? new Muon(layout) : null;

        public AlignedFloats Gradient { get; } = new(layout.Length);

        public BatchOutcome Outcome { get; } = new(tasks);

        public void Dispose()
        {
            Transformer.Dispose();
            Muon?.Dispose();
            Gradient.Dispose();
        }
    }
}
