using System.Diagnostics;
using System.Numerics.Tensors;

namespace ModelForge.Training;

/// <summary>
/// Trains on several threads: each predicts a micro-batch and adds up a gradient of its own; the gradients are summed in a fixed
/// order, so that equal seeds and threads give equal weights to the bit, across an interruption too.
/// </summary>
internal sealed unsafe class Trainer : IDisposable
{
    private readonly TrainingState _state;
    private readonly ITrainingStream _stream;
    private readonly TrainingOptions _options;
    private readonly Worker[] _workers;
    private readonly ParallelOptions _parallel;

    public Trainer(TrainingState state, ITrainingStream stream, TrainingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        _state = state;
        _stream = stream;
        _options = options;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads };
        _workers = [.. Enumerable.Range(0, options.Threads).Select(_ => new Worker(state.Layout, stream.Tasks.Count, state.Identity.Optimizer))];
        stream.Position = state.Position;
    }

    /// <summary>The part of the training that is done, from 0 to 1.</summary>
    public double Progress => Math.Min(1, _options.Duration is { } duration ? _state.Elapsed / duration : (double)_state.Tokens / _options.Tokens);

    /// <summary>The learning rate of the next step.</summary>
    public float Rate => LearningRate.At(_options.PeakRate, _state.Step, _options.WarmUpSteps, Progress);

    /// <summary>Trains until the tokens or the time are spent, or until <paramref name="cancellationToken"/>; after each step it calls <paramref name="stepped"/>.</summary>
    /// <exception cref="TrainingFailedException">The gradient is not a number.</exception>
    public void Run(Action<BatchOutcome> stepped, CancellationToken cancellationToken)
    {
        // The next documents are generated while these are learned.
        var next = Task.Run(Read, CancellationToken.None);
        while (Progress < 1 && !cancellationToken.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            var batch = next.GetAwaiter().GetResult();
            next = Task.Run(Read, CancellationToken.None);
            var outcome = Step(batch);
            _state.Step++;
            _state.Tokens += batch.Inputs;
            _state.Position = batch.Position;
            _state.Elapsed += clock.Elapsed;
            stepped(outcome);
        }

        next.GetAwaiter().GetResult();
        _stream.Position = _state.Position;
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

    public void Dispose()
    {
        foreach (var worker in _workers)
            worker.Dispose();
    }

    private TrainingBatch Read() => TrainingBatch.Read(_stream, _workers.Length, _options.BatchTokens);

    private BatchOutcome Step(TrainingBatch batch)
    {
        Parallel.For(0, _workers.Length, _parallel, index =>
        {
            var worker = _workers[index];
            worker.Gradient.Span.Clear();
            worker.Outcome.Clear();
            worker.Transformer.Run(_state.Parameters.Pointer, batch.Parts[index], worker.Gradient.Pointer, 1f / batch.Targets, worker.Outcome);
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
        if (!double.IsFinite(norm))
            throw new TrainingFailedException(
                $"The gradient of step {_state.Step + 1} is not a number; the last good checkpoint stays: give the same command with a lower --rate than {_options.PeakRate:g}.");

        var (rate, clip, step) = (Rate, (float)Math.Min(1, _options.ClipNorm / norm), _state.Step + 1);
        var taken = -1;
        Parallel.For(0, _workers.Length, _parallel, index =>
        {
            for (int next; (next = Interlocked.Increment(ref taken)) < tensors.Count;)
                Move(tensors[next], _workers[index], clip, step, rate);
        });
        return Total();
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
        var total = new BatchOutcome(_stream.Tasks.Count);
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
