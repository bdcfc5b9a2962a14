using ModelForge.Corpus;
using ModelForge.Training;

namespace ModelForge.Tests.Training;

public sealed class MuonTests
{
    private static readonly ModelShape Shape = new(Width: 32, Layers: 1, Heads: 4, KvHeads: 2, FeedForward: 48, Vocabulary: 300, ContextLength: 64);

    private readonly ParameterLayout _layout = new(Shape);

    [Theory]
    [InlineData("blk.0.attn_q.weight")]
    [InlineData("blk.0.attn_k.weight")]
    [InlineData("blk.0.ffn_gate.weight")]
    [InlineData("blk.0.ffn_down.weight")]
    public void A_step_moves_every_direction_about_equally_far(string name)
    {
        var tensor = _layout.Tensors.Single(tensor => tensor.Name == name);
        using var muon = new Muon(_layout);
        var random = new CorpusRandom(1);
        var (parameters, momentum) = (new float[tensor.Length], new float[tensor.Length]);
        // One direction of the gradient is far stronger than the others, as gradients are.
        var gradient = Enumerable.Range(0, (int)tensor.Length).Select(i => (float)(random.NextDouble() - 0.5) + 3).ToArray();

        muon.Step(tensor, parameters, gradient, 1, momentum, rate: 0.01f, weightDecay: 0);

        // With the scale of the step taken off, its singular values lie around 1: no vector on the shorter side is stretched much more than another.
        var scale = -0.01 * 0.2 * Math.Sqrt(Math.Max(tensor.Rows, tensor.Columns));
        for (var trial = 0; trial < 50; trial++)
        {
            var stretched = Stretch(tensor, parameters, [.. Enumerable.Range(0, Math.Min(tensor.Rows, tensor.Columns)).Select(_ => random.NextDouble() - 0.5)]);
            Assert.InRange(stretched / Math.Abs(scale), 0.6, 1.25);
        }
    }

    [Fact]
    public void A_step_goes_down_and_weights_decay()
    {
        var tensor = _layout.Tensors.Single(tensor => tensor.Name == "blk.0.attn_q.weight");
        using var muon = new Muon(_layout);
        float[] parameters = [.. Enumerable.Repeat(1f, (int)tensor.Length)];
        var gradient = new float[tensor.Length];
        muon.Step(tensor, parameters, gradient, 1, new float[tensor.Length], rate: 0.1f, weightDecay: 0.5f);
        Assert.All(parameters, value => Assert.Equal(0.95f, value, 1e-6f));

        gradient[5] = 2;
        muon.Step(tensor, parameters, gradient, 1, new float[tensor.Length], rate: 0.1f, weightDecay: 0);
        Assert.True(parameters[5] < 0.94f);
    }

    [Fact]
    public void Only_the_matrices_of_blocks_are_moved_so()
    {
        Assert.Equal(
            ["attn_k", "attn_output", "attn_q", "attn_v", "ffn_down", "ffn_gate", "ffn_up"],
            _layout.Tensors.Where(Muon.IsFor).Select(tensor => tensor.Name.Split('.')[2]).Order(StringComparer.Ordinal));
    }

    /// <summary>How much longer the matrix makes a vector on its shorter side.</summary>
    private static double Stretch(ParameterTensor tensor, float[] matrix, double[] vector)
    {
        var rowsAreShort = tensor.Rows <= tensor.Columns;
        var result = new double[Math.Max(tensor.Rows, tensor.Columns)];
        for (var row = 0; row < tensor.Rows; row++)
        {
            for (var column = 0; column < tensor.Columns; column++)
            {
                var weight = matrix[row * tensor.Columns + column];
                result[rowsAreShort ? column : row] += weight * vector[rowsAreShort ? row : column];
            }
        }

        return Math.Sqrt(result.Sum(x => x * x) / vector.Sum(x => x * x));
    }
}
