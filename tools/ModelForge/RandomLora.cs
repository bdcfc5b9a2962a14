using System.Globalization;
using LLMOS.Inference.Gguf;

namespace ModelForge;

/// <summary>
/// A LoRA adapter of random weights for a random model of some shape: what it adds is noise, but always the same noise, so that a model with the adapter
/// applied can be held against one whose weights have it merged in.
/// </summary>
public sealed class RandomLora
{
    private readonly Dictionary<string, BlockMatrix> _matrices;
    private readonly ModelShape _shape;
    private readonly LoraOptions _options;

    /// <exception cref="InvalidModelShapeException">The shape cannot be loaded, or the adapter's figures make none; the message names the value and what would do.</exception>
    public RandomLora(ModelShape shape, LoraOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        _options = options ?? new LoraOptions();
        shape.Validate(GgmlType.F32);
        Validate();
        _matrices = RandomModel.BlockMatrices(shape).Where(matrix => _options.Targets.Contains(matrix.Kind)).ToDictionary(matrix => matrix.Kind);
    }

    /// <summary>Weights of all its tensors.</summary>
    public long ParameterCount => _shape.Layers * _matrices.Values.Sum(matrix => (long)_options.Rank * (matrix.RowLength + matrix.Rows));

    /// <summary>Writes the adapter as a GGUF file in F32, replacing a file of that name only when the new one is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var writer = new GgufWriter();
        writer.Add("general.architecture", _options.Architecture);
        writer.Add("general.type", "adapter");
        writer.Add("general.name", _options.Name
            ?? string.Create(CultureInfo.InvariantCulture, $"random lora {_shape.Width}x{_shape.Layers} seed {_options.Seed}"));
        writer.Add("general.description", "Random weights made by ModelForge: what this adapter adds is noise.");
        writer.Add("adapter.type", "lora");
        writer.Add("adapter.lora.alpha", _options.Alpha);
        for (var block = 0; block < _shape.Layers; block++)
        {
            foreach (var matrix in _matrices.Values)
            {
                var tensor = matrix.TensorOf(block);
                writer.AddTensor($"{tensor}.lora_a", GgmlType.F32, matrix.RowLength, _options.Rank, (row, values) => FillA(tensor, matrix, row, values));
                writer.AddTensor($"{tensor}.lora_b", GgmlType.F32, _options.Rank, matrix.Rows, (row, values) => FillB(tensor, matrix, row, values));
            }
        }
        writer.Write(path, cancellationToken);
    }

    /// <summary>Adds scale · alpha / rank · B · A to a row of a matrix of the base; a matrix that it does not change stays as it is.</summary>
    internal void Merge(BlockMatrix matrix, string tensor, long row, float scale, Span<float> values)
    {
        if (!_matrices.ContainsKey(matrix.Kind))
            return;
        var (a, b) = (new float[values.Length], new float[_options.Rank]);
        FillB(tensor, matrix, row, b);
        for (var k = 0; k < b.Length; k++)
        {
            FillA(tensor, matrix, k, a);
            var factor = (double)scale * _options.Alpha / _options.Rank * b[k];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(values[i] + (factor * a[i]));
        }
    }

    private void FillA(string tensor, BlockMatrix matrix, long row, Span<float> values) =>
        new WeightStream(_options.Seed, $"{tensor}.lora_a", row).Fill(values, 1 / Math.Sqrt(matrix.RowLength));

    private void FillB(string tensor, BlockMatrix matrix, long row, Span<float> values)
    {
        if (matrix.WritesResidual && row < ResidualLanes.Most)
        {
            // Whatever the base keeps in its first lanes has to arrive there unchanged.
            values.Clear();
            return;
        }
        var wanted = _options.Strength * matrix.Deviation * Math.Sqrt(matrix.RowLength);
        new WeightStream(_options.Seed, $"{tensor}.lora_b", row).Fill(values, wanted * Math.Sqrt(_options.Rank) / Math.Abs(_options.Alpha));
    }

    private void Validate()
    {
        Require(_options.Rank is >= 1 and <= 1024, $"rank must be from 1 to 1024, not {_options.Rank}.");
        Require(float.IsFinite(_options.Alpha) && _options.Alpha != 0, $"alpha must be a number other than 0, not {_options.Alpha.ToString(CultureInfo.InvariantCulture)}.");
        Require(double.IsFinite(_options.Strength) && _options.Strength > 0, $"strength must be more than 0, not {_options.Strength.ToString(CultureInfo.InvariantCulture)}.");
        Require(_options.Targets.Count > 0, $"An adapter changes at least one of {string.Join(", ", LoraOptions.AllTargets)}.");
        foreach (var target in _options.Targets)
            Require(LoraOptions.AllTargets.Contains(target), $"A target is one of {string.Join(", ", LoraOptions.AllTargets)}, not '{target}'.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new InvalidModelShapeException(message);
    }
}
