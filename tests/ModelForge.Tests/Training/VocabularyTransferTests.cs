using LLMOS.Inference.Gguf;
using ModelForge.Tests.Tokenization;
using ModelForge.Tokenization;
using ModelForge.Training;

namespace ModelForge.Tests.Training;

public sealed class VocabularyTransferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pieces_keep_their_embeddings_and_new_ones_get_the_mean_of_their_parts()
    {
        var from = Sample.Vocabulary;
        var to = VocabularyTrainer.Train(Sample.Texts(2, 1500), [.. Sample.FixedPieces, "process killed"], 1100);
        using var old = State(from);
        old.Initialise(5);
        var path = _folder.File("old.gguf");
        ModelExport.Write(path, old.Layout, old.Parameters, from, GgmlType.F32, "old", "Of a test.");

        using var state = State(to);
        VocabularyTransfer.Read(path, from, to, state);

        Assert.Equal(Row(old, Id(from, "<|im_end|>")), Row(state, Id(to, "<|im_end|>")));
        Assert.Equal(Row(old, Id(from, "{\"syscall\":\"")), Row(state, Id(to, "{\"syscall\":\"")));
        var parts = new SpmEncoder(from).Encode("process killed", parseControl: false);
        Assert.True(parts.Length > 1);
        var mean = Enumerable.Range(0, 32).Select(i => parts.Average(part => Row(old, part)[i])).ToArray();
        Assert.All(mean.Zip(Row(state, Id(to, "process killed"))), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        var blocks = (int)(old.Layout.Length - old.Layout.Embedding.Length);
        Assert.True(old.Parameters.Span[^blocks..].SequenceEqual(state.Parameters.Span[^blocks..]));
    }

    [Fact]
    public void A_model_of_another_vocabulary_than_was_said_is_refused()
    {
        using var old = State(Sample.Vocabulary);
        old.Initialise(5);
        var path = _folder.File("old.gguf");
        ModelExport.Write(path, old.Layout, old.Parameters, Sample.Vocabulary, GgmlType.F32, "old", "Of a test.");
        var other = VocabularyTrainer.Train(Sample.Texts(2, 1500), Sample.FixedPieces, 700);

        using var state = State(other);
        var refusal = Assert.Throws<TrainingFailedException>(() => VocabularyTransfer.Read(path, other, other, state));
        Assert.Contains("was trained with another vocabulary", refusal.Message, StringComparison.Ordinal);
    }

    private static TrainingState State(Vocabulary vocabulary) => new(new TrainingIdentity(
        new ModelShape(Width: 32, Layers: 1, Heads: 4, KvHeads: 2, FeedForward: 48, vocabulary.Pieces.Count, ContextLength: 64), vocabulary.Fingerprint, 1));

    private static int Id(Vocabulary vocabulary, string text)
    {
        var id = 0;
        while (vocabulary.Pieces[id].Text != text)
            id++;
        return id;
    }

    private static float[] Row(TrainingState state, int id) => state.Parameters.Slice(id * 32L, 32).ToArray();
}
