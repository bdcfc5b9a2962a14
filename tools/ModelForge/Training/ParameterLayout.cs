using System.Globalization;

namespace ModelForge.Training;

/// <summary>
/// The parameters of a model as one array: the embedding, which is the output matrix too, the blocks, the last norm. Matrices that
/// read the same input lie one behind the other, so that one product serves them.
/// </summary>
internal sealed class ParameterLayout
{
    private readonly List<ParameterTensor> _tensors = [];

    public ParameterLayout(ModelShape shape)
    {
        Shape = shape;
        Embedding = Add("token_embd.weight", shape.Vocabulary, shape.Width);
        Blocks = [.. Enumerable.Range(0, shape.Layers).Select(Block)];
        OutputNorm = Add("output_norm.weight", 1, shape.Width);
    }

    public ModelShape Shape { get; }

    public IReadOnlyList<ParameterTensor> Tensors => _tensors;

    public ParameterTensor Embedding { get; }

    public IReadOnlyList<BlockParameters> Blocks { get; }

    public ParameterTensor OutputNorm { get; }

    /// <summary>Elements of all tensors.</summary>
    public long Length => _tensors[^1].Offset + _tensors[^1].Length;

    private BlockParameters Block(int index)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"blk.{index}.");
        var norm = Add(prefix + "attn_norm.weight", 1, Shape.Width);
        var query = Add(prefix + "attn_q.weight", Shape.Width, Shape.Width);
        Add(prefix + "attn_k.weight", Shape.KvWidth, Shape.Width);
        Add(prefix + "attn_v.weight", Shape.KvWidth, Shape.Width);
        var output = Add(prefix + "attn_output.weight", Shape.Width, Shape.Width);
        var feedForwardNorm = Add(prefix + "ffn_norm.weight", 1, Shape.Width);
        var gate = Add(prefix + "ffn_gate.weight", Shape.FeedForward, Shape.Width);
        Add(prefix + "ffn_up.weight", Shape.FeedForward, Shape.Width);
        var down = Add(prefix + "ffn_down.weight", Shape.Width, Shape.FeedForward);
        return new BlockParameters(norm.Offset, query.Offset, output.Offset, feedForwardNorm.Offset, gate.Offset, down.Offset);
    }

    private ParameterTensor Add(string name, int rows, int columns)
    {
        var offset = _tensors.Count == 0 ? 0 : _tensors[^1].Offset + _tensors[^1].Length;
        _tensors.Add(new ParameterTensor(name, offset, rows, columns));
        return _tensors[^1];
    }
}
