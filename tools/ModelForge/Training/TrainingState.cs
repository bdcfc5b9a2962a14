using ModelForge.Corpus;

namespace ModelForge.Training;

/// <summary>All that a training carries from one step to the next.</summary>
internal sealed class TrainingState : IDisposable
{
    public TrainingState(TrainingIdentity identity)
    {
        Identity = identity;
        Layout = new ParameterLayout(identity.Shape);
        Parameters = new AlignedFloats(Layout.Length);
        FirstMoments = new AlignedFloats(Layout.Length);
        SecondMoments = new AlignedFloats(Layout.Length);
    }

    public TrainingIdentity Identity { get; }

    public ParameterLayout Layout { get; }

    public AlignedFloats Parameters { get; }

    public AlignedFloats FirstMoments { get; }

    public AlignedFloats SecondMoments { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Tokens computed.</summary>
    public long Tokens { get; set; }

    /// <summary>Documents read from the stream.</summary>
    public long Position { get; set; }

    /// <summary>Time spent on steps.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Random weights: normal, scaled by the inputs, and smaller where they add to the residual stream.</summary>
    public void Initialise(ulong seed)
    {
        const double EmbeddingDeviation = 0.05;
        var random = new CorpusRandom(seed);
        var residual = 1 / Math.Sqrt(2.0 * Identity.Shape.Layers);
        foreach (var tensor in Layout.Tensors)
        {
            var values = Parameters.Slice(tensor.Offset, tensor.Length);
            if (tensor.IsNorm)
            {
                values.Fill(1);
                continue;
            }

            var deviation = tensor == Layout.Embedding ? EmbeddingDeviation : 0.8 / Math.Sqrt(tensor.Columns);
            if (tensor.Name.EndsWith("attn_output.weight", StringComparison.Ordinal) || tensor.Name.EndsWith("ffn_down.weight", StringComparison.Ordinal))
                deviation *= residual;
            foreach (ref var value in values)
                value = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
    }

    public void Dispose()
    {
        Parameters.Dispose();
        FirstMoments.Dispose();
        SecondMoments.Dispose();
    }
}
