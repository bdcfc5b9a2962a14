using LLMOS.Inference;
using LLMOS.Inference.Gguf;
using ModelForge.Corpus;
using ModelForge.Tokenization;

namespace ModelForge.Tests.Tokenization;

/// <summary>Texts to learn from, the vocabulary learned, and llama.cpp with that vocabulary.</summary>
internal static class Sample
{
    public static IReadOnlyList<string> FixedPieces { get; } =
    [
        "{\"syscall\":\"", "{\"syscall\":\"kill\",\"args\":{", "\"args\":{", "\"pid\":", "\"}}", "}}", "\n    return ", "=> {", "process", " then ", "{", "日本",
    ];

    public static IReadOnlyList<string> Words { get; } =
    [
        "the", "process", "processes", "Processes", "kill", "killed", "spawn", "spawned", "a", "reviewer", "architect", "coder", "with",
        "priority", "budget", "memory", "remember", "return", "function", "const", "server", "listens", "on", "port", "naïve", "Zürich",
    ];

    private static readonly string[] Between =
        [" ", " ", " ", " ", "  ", "   ", "\n", "\n    ", "\n        ", ", ", ". ", " 42 ", "(", ") {\n", "=> {", "\t", "\"", " then ", "€", "🙂", "é", "日本語"];

    private static readonly string[] Odd =
    [
        "<s>", "</s>", "<unk>", "<0x0A>", "<|im_start|>", "<|im_end|>", "<|im_start|>user\n", "▁", "▁▁▁", "▁process", "\0", "\r\n", "\u200B", "\uFEFF", "\uD800",
        "\uDC00x", "👩‍👩‍👧", "ﬁ", "İ", "𝒳", "Ꮖ", "a\u0301", "{{", "{\"syscall\":\"kill\",\"args\":{{\"args\":{", "{\"syscall\":\"\"args\":{", "\"pid\":\"pid\":", "}}}", "\"}}}}",
        "proces", "pprocess", "processprocess", "then  then ", "killkilled", "rememberemember", "                ", "                                 ", "     x", "\u007F", "0123456789", "日本本日",
    ];

    private static readonly Lazy<Vocabulary> Learned = new(() => VocabularyTrainer.Train(Texts(1, 1500), FixedPieces, 900));

    public static Vocabulary Vocabulary => Learned.Value;

    /// <summary>Texts as the corpus has them.</summary>
    public static IEnumerable<string> Texts(ulong seed, int count)
    {
        var root = new CorpusRandom(seed);
        for (var i = 0; i < count; i++)
        {
            var random = root.Fork((ulong)i);
            yield return string.Concat(Enumerable.Range(0, random.Between(5, 60)).Select(_ => random.Pick(Words) + random.Pick(Between)));
        }
    }

    /// <summary>Texts as no corpus should have them.</summary>
    public static IEnumerable<string> OddTexts(ulong seed, int count)
    {
        var root = new CorpusRandom(seed);
        for (var i = 0; i < count; i++)
        {
            var random = root.Fork((ulong)i);
            yield return string.Concat(Enumerable.Range(0, random.Between(1, 30)).Select(_ => random.Next(6) switch
            {
                0 => random.Pick(Odd),
                1 => random.Pick(Between),
                2 => random.Pick(FixedPieces),
                3 => random.Pick(Words)[..1] + random.Pick(Words)[1..],
                4 => ((char)random.Next(char.MaxValue + 1)).ToString(),
                _ => ((char)random.Between(' ', '~')).ToString(),
            }));
        }
    }

    /// <summary>A model of random weights with this vocabulary.</summary>
    public static LlamaModel Load(TemporaryFolder folder, Vocabulary vocabulary)
    {
        const int Width = 32;
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        writer.Add("llama.context_length", 4096u);
        writer.Add("llama.embedding_length", (uint)Width);
        writer.Add("llama.block_count", 1u);
        writer.Add("llama.feed_forward_length", (uint)Width);
        writer.Add("llama.attention.head_count", 2u);
        writer.Add("llama.attention.head_count_kv", 2u);
        writer.Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Add("llama.rope.dimension_count", 16u);
        writer.Add("llama.vocab_size", (uint)vocabulary.Pieces.Count);
        VocabularyMetadata.AddTo(writer, vocabulary, RandomModelOptions.ChatMlTemplate);
        Matrix("token_embd.weight", vocabulary.Pieces.Count);
        Norm("output_norm.weight");
        Norm("blk.0.attn_norm.weight");
        Norm("blk.0.ffn_norm.weight");
        foreach (var name in (string[])["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"])
            Matrix($"blk.0.{name}.weight", Width);
        var path = folder.File("vocabulary.gguf");
        writer.Write(path);
        return LlamaModel.Load(path);

        void Matrix(string name, int rows) =>
            writer.AddTensor(name, GgmlType.F32, Width, rows, (row, values) => new WeightStream(1, name, row).Fill(values, 0.2));

        void Norm(string name) => writer.AddTensor(name, GgmlType.F32, Width, 1, static (_, values) => values.Fill(1));
    }
}
