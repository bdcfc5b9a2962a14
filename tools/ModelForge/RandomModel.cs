using System.Globalization;
using LLMOS.Inference.Gguf;
using ModelForge.Tokenization;

namespace ModelForge;

/// <summary>
/// Makes llama-architecture models whose weights are random and whose output is therefore noise: they cost what a trained model
/// of their shape costs, load everywhere, and are the same to the byte for the same shape, type and seed.
/// </summary>
/// <remarks>
/// A few dimensions of the residual stream are not noise. Lane 0 holds a constant, so that an output row can carry a bias:
/// words are likelier than fragments, and control tokens are never sampled, so that the model does not stop early. With
/// <see cref="RandomModelOptions.MultibyteText"/>, lanes 1 to 3 say which bytes may continue a character.
/// </remarks>
public static class RandomModel
{
    /// <summary>Standard deviation of the logits.</summary>
    private const double LogitDeviation = 3;

    /// <summary>What the layers add to the residual stream, as a variance; the embedding has variance 1.</summary>
    private const double LayerVariance = 2.25;

    private const double AttentionGain = 1.6;

    /// <summary>Makes up for what the gate takes from the feed-forward branch.</summary>
    private const double DownGain = 1.7;

    /// <summary>Writes a model to <paramref name="path"/>, replacing a file of that name only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="type">F32, F16, Q8_0 or Q4_0 for the matrices; norms are F32.</param>
    /// <param name="seed">Equal seeds give equal bytes. Equal seeds of different types give the same weights, rounded differently.</param>
    /// <param name="options">Name, template and text; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the writing and leaves nothing behind.</param>
    /// <exception cref="InvalidModelShapeException">The shape cannot be loaded or not be written in this type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        ModelShape shape,
        GgmlType type,
        ulong seed = 1,
        RandomModelOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(shape);
        shape.Validate(type);
        options ??= new RandomModelOptions();
        var vocabulary = ForgedVocabulary.OfSize(shape.Vocabulary);
        var writer = new GgufWriter();
        AddMetadata(writer, shape, type, seed, options, vocabulary);
        AddTensors(writer, shape, type, seed, new ResidualLanes(shape, vocabulary, options.MultibyteText, LayerVariance, LogitDeviation), options.Merged);
        writer.Write(path, cancellationToken);
    }

    /// <summary>The matrices of a block in the order in which they are written, with the deviations of a random model.</summary>
    internal static IReadOnlyList<BlockMatrix> BlockMatrices(ModelShape shape)
    {
        var branch = Math.Sqrt(LayerVariance / (2.0 * shape.Layers));
        var input = 1 / Math.Sqrt(shape.Width);
        return
        [
            new("attn_q", shape.Width, shape.Width, AttentionGain * input),
            new("attn_k", shape.Width, shape.KvWidth, AttentionGain * input),
            new("attn_v", shape.Width, shape.KvWidth, AttentionGain * input),
            new("attn_output", shape.Width, shape.Width, branch * input, WritesResidual: true),
            new("ffn_gate", shape.Width, shape.FeedForward, input),
            new("ffn_up", shape.Width, shape.FeedForward, input),
            new("ffn_down", shape.FeedForward, shape.Width, DownGain * branch / Math.Sqrt(shape.FeedForward), WritesResidual: true),
        ];
    }

    private static void AddMetadata(
        GgufWriter writer, ModelShape shape, GgmlType type, ulong seed, RandomModelOptions options, IReadOnlyList<VocabularyPiece> vocabulary)
    {
        var architecture = options.Architecture;
        writer.Add("general.architecture", architecture);
        writer.Add("general.type", "model");
        writer.Add("general.name", options.Name
            ?? string.Create(CultureInfo.InvariantCulture, $"random {shape.Width}x{shape.Layers} seed {seed}"));
        writer.Add("general.description", "Random weights made by ModelForge: what this model writes is noise.");
        ShapeMetadata.AddTo(writer, architecture, shape, type);
        VocabularyMetadata.AddTo(
            writer,
            new Vocabulary(vocabulary, ForgedVocabulary.UnknownId, ForgedVocabulary.BeginningId, ForgedVocabulary.ImStartId, ForgedVocabulary.ImEndId),
            options.ChatTemplate);
    }

    private static void AddTensors(GgufWriter writer, ModelShape shape, GgmlType type, ulong seed, ResidualLanes lanes, IReadOnlyList<MergedLora> merged)
    {
        Matrix("token_embd.weight", shape.Width, shape.Vocabulary, _ => 1, lanes.MarkEmbedding);
        Norm("output_norm.weight");
        var outputDeviation = LogitDeviation / Math.Sqrt(shape.Width);
        Matrix("output.weight", shape.Width, shape.Vocabulary, row => lanes.IsNoise(row) ? outputDeviation : 0, lanes.MarkOutput);

        var matrices = BlockMatrices(shape);
        for (var block = 0; block < shape.Layers; block++)
        {
            foreach (var matrix in matrices)
            {
                if (matrix.Kind is "attn_q" or "ffn_gate")
                    Norm(string.Create(CultureInfo.InvariantCulture, $"blk.{block}.{(matrix.Kind == "attn_q" ? "attn_norm" : "ffn_norm")}.weight"));
                var tensor = matrix.TensorOf(block);
                Matrix(tensor, matrix.RowLength, matrix.Rows, row => matrix.WritesResidual && row < lanes.Count ? 0 : matrix.Deviation, (row, values) =>
                {
                    foreach (var (lora, scale) in merged)
                        lora.Merge(matrix, tensor, row, scale, values);
                });
            }
        }

        void Norm(string name) => writer.AddTensor(name, GgmlType.F32, shape.Width, 1, static (_, values) => values.Fill(1));

        void Matrix(string name, int rowLength, int rows, Func<long, double> deviation, TensorRow? mark = null) =>
            writer.AddTensor(name, type, rowLength, rows, (row, values) =>
            {
                if (deviation(row) is var rowDeviation and not 0)
                    new WeightStream(seed, name, row).Fill(values, rowDeviation);
                else
                    values.Clear();
                mark?.Invoke(row, values);
            });
    }
}
