using System.Numerics.Tensors;
using LLMOS.Inference;
using LLMOS.Inference.Engine;
using LLMOS.Inference.Gguf;
using ModelForge.Corpus;
using ModelForge.Tests.Tokenization;
using ModelForge.Tokenization;
using ModelForge.Training;

namespace ModelForge.Tests.Training;

public sealed unsafe class ModelExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Vocabulary _vocabulary = Sample.Vocabulary;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(300)]
    public void The_trainer_and_llama_cpp_compute_the_same_logits(int length)
    {
        using var state = Trained();
        var path = Exported(state, GgmlType.F32);
        var random = new CorpusRandom((ulong)length);
        var tokens = Enumerable.Range(0, length).Select(_ => random.Next(_vocabulary.Pieces.Count)).ToArray();

        using var transformer = new Transformer(state.Layout);
        var own = transformer.Logits(state.Parameters.Pointer, tokens);
        var other = Logits(path, tokens, fullPrecision: true);

        // Relative to the spread of the logits: single ones may be next to nothing.
        var spread = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(own) / own.Length);
        Assert.InRange(spread, 0.5f, 100f);
        Assert.InRange(TensorPrimitives.Distance<float>(own, other) / TensorPrimitives.Norm<float>(own), 0, 1e-4f);
        for (var token = 0; token < own.Length; token++)
            Assert.Equal(own[token] / spread, other[token] / spread, 1e-3f);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(60, false)]
    [InlineData(500, true)]
    [InlineData(500, false)]
    public void The_trainer_and_llama_cpp_agree_on_the_model_in_the_repository(int length, bool fullPrecision)
    {
        var vocabulary = VocabularyFile.Load(Path.Combine(Repository.Root, "models", "nano.vocabulary.json"));
        var path = Path.Combine(Repository.Root, "models", "nano.gguf");
        var layout = new ParameterLayout(ModelShape.Nano with { Vocabulary = vocabulary.Pieces.Count });
        using var parameters = new AlignedFloats(layout.Length);
        ModelImport.Read(path, layout, parameters, vocabulary.Fingerprint);
        var random = new CorpusRandom((ulong)length);
        var tokens = Enumerable.Range(0, length).Select(_ => random.Next(vocabulary.Pieces.Count)).ToArray();

        using var transformer = new Transformer(layout);
        var own = transformer.Logits(parameters.Pointer, tokens);
        var other = Logits(path, tokens, fullPrecision);

        // As it is used, llama.cpp computes attention in F16.
        Assert.InRange(TensorPrimitives.Distance<float>(own, other) / TensorPrimitives.Norm<float>(own), 0, fullPrecision ? 1e-3f : 3e-3f);
    }

    [Fact]
    public void Weights_exported_and_taken_back_are_the_same()
    {
        using var state = Trained();
        using var other = new TrainingState(state.Identity);

        ModelImport.Read(Exported(state, GgmlType.F32), other.Layout, other.Parameters, _vocabulary.Fingerprint);
        Assert.True(state.Parameters.Span.SequenceEqual(other.Parameters.Span));

        ModelImport.Read(Exported(state, GgmlType.F16), other.Layout, other.Parameters, _vocabulary.Fingerprint);
        Assert.True(TensorPrimitives.Distance<float>(state.Parameters.Span, other.Parameters.Span) < 1e-3f * TensorPrimitives.Norm<float>(state.Parameters.Span));
    }

    [Fact]
    public void Weights_of_another_shape_or_type_are_refused()
    {
        using var state = Trained();
        using var wider = new TrainingState(state.Identity with { Shape = state.Identity.Shape with { FeedForward = 128 } });

        var unfit = Assert.Throws<TrainingFailedException>(() => ModelImport.Read(Exported(state, GgmlType.F32), wider.Layout, wider.Parameters, _vocabulary.Fingerprint));
        Assert.Contains("has no tensor blk.0.ffn_gate.weight of 128 × 64 weights", unfit.Message, StringComparison.Ordinal);
        var packed = Assert.Throws<TrainingFailedException>(() => ModelImport.Read(Exported(state, GgmlType.Q8_0), state.Layout, state.Parameters, _vocabulary.Fingerprint));
        Assert.Contains("in Q8_0; weights are taken from F32 or F16 only", packed.Message, StringComparison.Ordinal);
        var cut = state.Identity with { Shape = state.Identity.Shape with { Layers = 2 } };
        using var shallow = new TrainingState(cut);
        var layers = Assert.Throws<TrainingFailedException>(() => ModelImport.Read(Exported(state, GgmlType.F32), shallow.Layout, shallow.Parameters, _vocabulary.Fingerprint));
        Assert.Contains("give --layers as it was trained with", layers.Message, StringComparison.Ordinal);
        var foreign = Assert.Throws<TrainingFailedException>(() => ModelImport.Read(Exported(state, GgmlType.F32), state.Layout, state.Parameters, "another"));
        Assert.Contains("was trained with another vocabulary", foreign.Message, StringComparison.Ordinal);
        state.Parameters.Span[5] = float.NaN;
        var broken = Assert.Throws<TrainingFailedException>(() => ModelImport.Read(Exported(state, GgmlType.F32), state.Layout, state.Parameters, _vocabulary.Fingerprint));
        Assert.Contains("that are no numbers: it is damaged", broken.Message, StringComparison.Ordinal);
    }

    /// <summary>Weights that have moved away from their beginning, norms included.</summary>
    private TrainingState Trained()
    {
        var shape = new ModelShape(Width: 64, Layers: 3, Heads: 4, KvHeads: 2, FeedForward: 96, _vocabulary.Pieces.Count, ContextLength: 512);
        var state = new TrainingState(new TrainingIdentity(shape, _vocabulary.Fingerprint, 1));
        state.Initialise(1);
        var random = new CorpusRandom(9);
        foreach (ref var value in state.Parameters.Span)
            value = value * 1.7f + (float)(random.NextDouble() - 0.5) * 0.1f;
        return state;
    }

    private string Exported(TrainingState state, GgmlType type)
    {
        var path = _folder.File($"{type}.gguf");
        ModelExport.Write(path, state.Layout, state.Parameters, _vocabulary, type, "test", "A model of a test.");
        return path;
    }

    private static float[] Logits(string path, int[] tokens, bool fullPrecision)
    {
        using var model = LlamaModel.Load(path);
        using var context = new DecodeContext(model, new EngineOptions { Threads = 1, ContextCells = 512, FullPrecisionAttention = fullPrecision });
        using var batch = new BatchBuffer(context.StepTokens, model.VocabularySize);
        var last = 0;
        for (var i = 0; i < tokens.Length; i++)
            last = batch.Add(tokens[i], i, 0, i == tokens.Length - 1);
        Assert.Equal(0, context.Decode(batch));
        return context.Logits(last).ToArray();
    }
}
