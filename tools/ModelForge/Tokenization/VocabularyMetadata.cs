namespace ModelForge.Tokenization;

/// <summary>How a vocabulary goes into a GGUF file.</summary>
internal static class VocabularyMetadata
{
    /// <summary>Adds the <c>tokenizer</c> keys: a text begins with a token of its own and not with a space, and a turn's end ends a generation.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="chatTemplate"><c>tokenizer.chat_template</c>; null leaves the key out.</param>
    public static void AddTo(GgufWriter writer, Vocabulary vocabulary, string? chatTemplate)
    {
        writer.Add("tokenizer.ggml.model", "llama");
        writer.Add("tokenizer.ggml.pre", "default");
        writer.Add("tokenizer.ggml.tokens", [.. vocabulary.Pieces.Select(piece => piece.Text)]);
        writer.Add("tokenizer.ggml.scores", [.. vocabulary.Pieces.Select(piece => piece.Score)]);
        writer.Add("tokenizer.ggml.token_type", [.. vocabulary.Pieces.Select(piece => (int)piece.Type)]);
        writer.Add("tokenizer.ggml.unknown_token_id", (uint)vocabulary.UnknownId);
        writer.Add("tokenizer.ggml.bos_token_id", (uint)vocabulary.BeginningId);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)vocabulary.ImEndId);
        writer.Add("tokenizer.ggml.add_bos_token", true);
        writer.Add("tokenizer.ggml.add_eos_token", false);
        writer.Add("tokenizer.ggml.add_space_prefix", false);
        if (chatTemplate is not null)
            writer.Add("tokenizer.chat_template", chatTemplate);
    }
}
