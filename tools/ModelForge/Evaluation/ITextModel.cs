using LLMOS.Inference;
using ModelForge.Corpus;

namespace ModelForge.Evaluation;

/// <summary>A model as an evaluation sees it: a conversation in, a text out, greedy.</summary>
public interface ITextModel
{
    /// <summary>What the model says after these messages, at most <paramref name="maxTokens"/> tokens of it, under the GBNF grammar if there is one; less, or nothing, where the conversation leaves no room for it.</summary>
    Task<string> CompleteAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, string? grammar, CancellationToken cancellationToken);

    /// <summary>The call of a function with which the model answers the last of these messages, which ends with the request.</summary>
    Task<string> CallAsync(IReadOnlyList<DocumentMessage> messages, IReadOnlyList<ChatTool> tools, string request, CancellationToken cancellationToken) =>
        CompleteAsync(messages, MostCallTokens, SpanCallGrammar.For(tools, request), cancellationToken);

    /// <summary>Tokens of a call at most.</summary>
    internal const int MostCallTokens = 200;
}
