using ModelForge.Corpus;

namespace ModelForge.Evaluation;

/// <summary>A model as an evaluation sees it: a conversation in, a text out, greedy.</summary>
public interface ITextModel
{
    /// <summary>What the model says after these messages, at most <paramref name="maxTokens"/> tokens of it, under the GBNF grammar if there is one; less, or nothing, where the conversation leaves no room for it.</summary>
    Task<string> CompleteAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, string? grammar, CancellationToken cancellationToken);
}
