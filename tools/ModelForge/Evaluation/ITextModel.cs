using LLMOS.Inference;
using ModelForge.Corpus;

namespace ModelForge.Evaluation;

/// <summary>A model as an evaluation sees it: a conversation in, a text out, greedy unless a temperature is given.</summary>
public interface ITextModel
{
    /// <summary>What the model says after these messages, at most <paramref name="maxTokens"/> tokens of it, under the GBNF grammar if there is one; less, or nothing, where the conversation leaves no room for it.</summary>
    Task<string> CompleteAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, string? grammar, CancellationToken cancellationToken);

    /// <summary>What it says when it is not greedy: at a temperature, with the seed that decides.</summary>
    Task<string> SayAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, float temperature, ulong seed, CancellationToken cancellationToken) =>
        CompleteAsync(messages, maxTokens, grammar: null, cancellationToken);

    /// <summary>The call of a function with which the model answers the last of these messages, which ends with the request.</summary>
    Task<string> CallAsync(IReadOnlyList<DocumentMessage> messages, IReadOnlyList<ChatTool> tools, string request, CancellationToken cancellationToken) =>
        CompleteAsync(messages, MostCallTokens, SpanCallGrammar.For(tools, request), cancellationToken);

    /// <summary>Tokens of a call at most.</summary>
    internal const int MostCallTokens = 200;
}
