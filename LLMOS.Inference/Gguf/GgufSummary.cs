namespace LLMOS.Inference.Gguf;

/// <summary>What a person wants to know of a model file. A part of a split model tells of that part alone.</summary>
/// <param name="Architecture">Such as "llama"; null when the file does not say.</param>
/// <param name="Name">The model's own name, if it has one.</param>
/// <param name="ParameterCount">Elements of all tensors.</param>
/// <param name="Quantization">The file type, such as "Q4_K_M"; when the file does not say, the type that most of its bytes have.</param>
/// <param name="ContextLength">Tokens that the model was made for, or null.</param>
/// <param name="EmbeddingLength">Width of the model, or null.</param>
/// <param name="LayerCount">Blocks, or null.</param>
/// <param name="VocabularySize">Tokens of the tokenizer, or null.</param>
/// <param name="SizeBytes">Size of the file.</param>
/// <param name="HasChatTemplate">Whether the file brings a chat template.</param>
public sealed record GgufSummary(
    string? Architecture,
    string? Name,
    long ParameterCount,
    string Quantization,
    long? ContextLength,
    long? EmbeddingLength,
    long? LayerCount,
    long? VocabularySize,
    long SizeBytes,
    bool HasChatTemplate)
{
    internal static GgufSummary Of(GgufFile file)
    {
        var architecture = file.Metadata.GetValueOrDefault("general.architecture")?.Text;
        return new GgufSummary(
            architecture,
            file.Metadata.GetValueOrDefault("general.name")?.Text,
            file.Tensors.Aggregate(0L, (sum, tensor) => long.MaxValue - sum < tensor.ElementCount ? long.MaxValue : sum + tensor.ElementCount),
            GgufQuantization.NameOf(file),
            Number("context_length"),
            Number("embedding_length"),
            Number("block_count"),
            file.Metadata.GetValueOrDefault("tokenizer.ggml.tokens") is { Type: GgufValueType.Array, Count: var tokens } ? tokens : null,
            file.Length,
            file.Metadata.ContainsKey("tokenizer.chat_template"));

        long? Number(string key) => architecture is null ? null : file.Metadata.GetValueOrDefault($"{architecture}.{key}")?.WholeNumber;
    }
}
