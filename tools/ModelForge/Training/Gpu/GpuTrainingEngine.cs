using ILGPU;
using ILGPU.Runtime;

namespace ModelForge.Training.Gpu;

/// <summary>Steps on a GPU: weights, gradient and moments stay in its memory and are fetched for a checkpoint.</summary>
internal sealed class GpuTrainingEngine : ITrainingEngine
{
    /// <summary>Elements of the gradient whose squares one group adds up.</summary>
    private const int SquaresLength = 16_384;

    private readonly GpuDevice _device;
    private readonly TrainingState _state;
    private readonly TrainingOptions _options;
    private readonly int _tasks;
    private readonly GpuTransformer _transformer;
    private readonly GpuMuon? _muon;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _parameters;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _gradient;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _first;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _second;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _squares;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _kinds;
    private readonly Action<KernelConfig, int, ArrayView<float>, ArrayView<float>> _square;
    private readonly Action<Index1D, AdamWStep, ArrayView<byte>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> _adamW;

    /// <param name="device">The GPU.</param>
    /// <param name="state">Where the training begins.</param>
    /// <param name="options">How.</param>
    /// <param name="tasks">How many tasks the documents have.</param>
    public GpuTrainingEngine(GpuDevice device, TrainingState state, TrainingOptions options, int tasks)
    {
        (_device, _state, _options, _tasks) = (device, state, options, tasks);
        try
        {
            var accelerator = device.Accelerator;
            _transformer = new GpuTransformer(device, state.Layout);
            var muon = state.Identity.Optimizer == Optimizer.Muon;
            _muon = muon ? new GpuMuon(device, state.Layout) : null;
            _parameters = Upload(state.Parameters);
            _first = Upload(state.FirstMoments);
            _second = Upload(state.SecondMoments);
            _gradient = accelerator.Allocate1D<float>(state.Layout.Length);
            _squares = accelerator.Allocate1D<float>((state.Layout.Length + SquaresLength - 1) / SquaresLength);
            _kinds = accelerator.Allocate1D(Kinds(state.Layout, muon));
            _square = accelerator.LoadStreamKernel<int, ArrayView<float>, ArrayView<float>>(GpuKernels.Squares);
            _adamW = accelerator.LoadAutoGroupedStreamKernel<
                Index1D, AdamWStep, ArrayView<byte>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(GpuOptimizerKernels.AdamW);
        }
        catch (Exception failure) when (IsOfDevice(failure))
        {
            Dispose();
            throw Failed(failure);
        }
    }

    public string Name => _device.Name;

    public int Parts => 1;

    public BatchOutcome Step(TrainingBatch batch, float rate) => Guarded(() => Learn(batch, rate));

    public BatchOutcome Evaluate(IReadOnlyList<TrainingDocument> documents) => Guarded(() => Predict(documents));

    public void Store() => Guarded(() =>
    {
        foreach (var (buffer, floats) in ((MemoryBuffer1D<float, Stride1D.Dense>, AlignedFloats)[])
            [(_parameters, _state.Parameters), (_first, _state.FirstMoments), (_second, _state.SecondMoments)])
        {
            buffer.GetAsArray1D().CopyTo(floats.Span);
        }

        return true;
    });

    /// <summary>The gradient of a batch.</summary>
    internal float[] Gradient(MicroBatch batch, float scale, BatchOutcome outcome, Dropout dropout = default)
    {
        ComputeGradient(batch, scale, outcome, dropout);
        return _gradient.GetAsArray1D();
    }

    public void Dispose()
    {
        foreach (var owned in (IDisposable?[])[_transformer, _muon, _parameters, _gradient, _first, _second, _squares, _kinds])
            owned?.Dispose();
    }

    private BatchOutcome Learn(TrainingBatch batch, float rate)
    {
        var outcome = new BatchOutcome(_tasks);
        ComputeGradient(batch.Parts[0], 1f / batch.Targets, outcome, Dropout.At(_options.Dropout, _state.Step, 0));
        _square(new KernelConfig(_squares.IntExtent, GpuKernels.GroupSize), SquaresLength, _gradient.View, _squares.View);
        var norm = Math.Sqrt(_squares.GetAsArray1D().Sum(static square => (double)square));
        TrainingFailedException.ThrowIfNotANumber(norm, _state.Step + 1, _options.PeakRate);
        var clip = (float)Math.Min(1, _options.ClipNorm / norm);
        _adamW(_kinds.IntExtent, AdamW.At(_state.Step + 1, clip, rate, _options.WeightDecay), _kinds.View, _gradient.View, _first.View, _second.View, _parameters.View);
        _muon?.Step(_kinds.View, _parameters.View, _gradient.View, clip, _first.View, rate * _options.MuonRate, _options.WeightDecay);
        return outcome;
    }

    private BatchOutcome Predict(IReadOnlyList<TrainingDocument> documents)
    {
        var outcome = new BatchOutcome(_tasks);
        var batch = new MicroBatch();
        for (var i = 0; i < documents.Count; i++)
        {
            batch.Add(documents[i]);
            if (batch.Inputs < _options.BatchTokens && i + 1 < documents.Count)
                continue;
            _transformer.Run(_parameters.View, batch, null, 0, outcome);
            batch.Clear();
        }

        return outcome;
    }

    private static byte[] Kinds(ParameterLayout layout, bool muon)
    {
        var kinds = new byte[layout.Length];
        foreach (var tensor in layout.Tensors)
        {
            var kind = muon && Muon.IsFor(tensor) ? ParameterKind.Muon : tensor.IsNorm ? ParameterKind.Plain : ParameterKind.Decayed;
            Array.Fill(kinds, (byte)kind, checked((int)tensor.Offset), checked((int)tensor.Length));
        }

        return kinds;
    }

    private T Guarded<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception failure) when (IsOfDevice(failure))
        {
            throw Failed(failure);
        }
    }

    private static bool IsOfDevice(Exception failure) => failure is AcceleratorException or OverflowException;

    /// <summary>Says what a device's failure means for the training, of which the usual one is too little memory.</summary>
    private TrainingFailedException Failed(Exception failure) => new(
        $"{_device.Accelerator.Name} could not compute step {_state.Step + 1} ({failure.Message}); the last good checkpoint stays: give the same command with a smaller --batch than {_options.BatchTokens}, or without --gpu.",
        failure);

    private void ComputeGradient(MicroBatch batch, float scale, BatchOutcome outcome, Dropout dropout)
    {
        _gradient.MemSetToZero(_device.Accelerator.DefaultStream);
        _transformer.Run(_parameters.View, batch, _gradient.View, scale, outcome, dropout);
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Upload(AlignedFloats floats) => _device.Accelerator.Allocate1D(floats.Span.ToArray());
}
