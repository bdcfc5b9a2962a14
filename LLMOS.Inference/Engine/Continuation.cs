namespace LLMOS.Inference.Engine;

/// <summary>Brings a generation to where it was when it was broken off: what it holds of text and grammar follows from the tokens it had emitted.</summary>
internal static class Continuation
{
    /// <summary>Takes the emitted tokens of a new generation's request as if they had been sampled.</summary>
    /// <returns>How the answer ended with them; null when it goes on.</returns>
    /// <exception cref="LlamaException">They cannot be the beginning of an answer to this request.</exception>
    public static StopReason? Take(Generation generation, LlamaModel model)
    {
        var tokens = generation.Request.Emitted.Span;
        var outputs = new List<TokenOutput>(tokens.Length);
        StopReason? end = null;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (end is not null)
                throw Wrong($"Emitted goes on after the answer had come to its end with token {i} of {tokens.Length}");
            model.Vocabulary.RequireToken(tokens[i]);
            if (generation.Sampler.IsEnd(tokens[i]))
            {
                // It was passed on for the text that had been held back.
                outputs.Add(new TokenOutput(tokens[i], generation.TakeRest()));
                end = StopReason.EndOfText;
                continue;
            }
            if (!generation.Sampler.TryAccept(tokens[i]))
                throw Wrong($"Token {i + 1} of {tokens.Length} in Emitted does not follow the grammar");
            var text = generation.TakeText(model.Vocabulary.Piece(tokens[i]), out var stopped);
            end = stopped ? StopReason.StopText : i + 1 == generation.Request.MaxTokens ? StopReason.Length : null;
            outputs.Add(new TokenOutput(tokens[i], end == StopReason.Length ? text + generation.TakeRest() : text));
        }
        generation.Continue(outputs, outputs.Count - (end == StopReason.EndOfText ? 1 : 0));
        return end;
    }

    private static LlamaException Wrong(string what) =>
        new(LlamaError.InvalidRequest, $"{what}: give the tokens that the same request had come to, or none to begin anew.");
}
