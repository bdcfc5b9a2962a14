using LLMOS.Inference.Models;

namespace LLMOS.Inference;

/// <summary>Takes the tokens of one answer apart into content, thoughts and calls, in the way of the model that generated them.</summary>
public sealed class ChatOutputReader
{
    private readonly LlamaVocabulary _vocabulary;
    private readonly IToolCallParser _parser;

    internal ChatOutputReader(LlamaVocabulary vocabulary, IToolCallParser parser)
    {
        _vocabulary = vocabulary;
        _parser = parser;
    }

    /// <summary>Takes a token. Control tokens have no text of their own, but are what calls are marked with.</summary>
    public IReadOnlyList<ChatDelta> Append(TokenOutput token) =>
        _parser.Append(token.Text + (_vocabulary.EndTokens.Contains(token.Id) ? "" : _vocabulary.ControlText(token.Id)));

    /// <summary>Takes text that stands in the answer and that nobody generated, such as the beginning of a call that the prompt already ends with; marks are spelled out.</summary>
    public IReadOnlyList<ChatDelta> Append(string text) => _parser.Append(text);

    /// <summary>Gives the rest when the generation has ended.</summary>
    public IReadOnlyList<ChatDelta> Finish() => _parser.Finish();
}
