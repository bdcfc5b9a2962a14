using System.Text;
using ModelForge.Corpus;
using ModelForge.Training;

namespace ModelForge.Tokenization;

/// <summary>
/// Turns documents into tokens as the engine does: the prompt is rendered by the ChatML template and tokenized behind
/// the beginning token, a control token only where the template writes one. The answer is tokenized apart from it, because a model
/// that answers begins behind the prompt's last token.
/// </summary>
internal sealed class ChatMlEncoder(Vocabulary vocabulary)
{
    private const string Assistant = "assistant";

    /// <summary>How the assistant's turn begins.</summary>
    private const string Begin = "<|im_start|>assistant\n";

    /// <summary>The encoder of the texts.</summary>
    public SpmEncoder Texts { get; } = new(vocabulary);

    /// <summary>The prompt text that llama.cpp's ChatML template makes of these messages, up to where the assistant begins to answer.</summary>
    public static string RenderPrompt(IEnumerable<DocumentMessage> messages)
    {
        var prompt = new StringBuilder();
        foreach (var message in messages)
            AppendMessage(prompt, message);

        // A C string ends at a zero, so the engine replaces it.
        return prompt.Append(Begin).Replace('\0', '\uFFFD').ToString();
    }

    /// <summary>The tokens that the engine computes before it answers these messages.</summary>
    public int[] EncodePrompt(IEnumerable<DocumentMessage> messages)
    {
        List<int> tokens = [vocabulary.BeginningId];
        foreach (var message in messages)
            AddMessage(message, tokens);
        BeginTurn(Assistant, "", tokens);
        return [.. tokens];
    }

    /// <summary>The document; its answers, and the ends of turn behind them, are what is learned.</summary>
    /// <exception cref="ArgumentException">It does not end with an answer.</exception>
    public TrainingDocument Encode(Document document, int task)
    {
        if (document.Messages is not [.., { Role: Assistant }])
            throw new ArgumentException($"A document of {document.Task} does not end with the assistant's message.", nameof(document));
        List<int> tokens = [vocabulary.BeginningId];
        List<TokenSpan> learned = [];
        foreach (var message in document.Messages)
        {
            // The end of the turn that was learned is there already; the template puts a line's end behind it.
            if (tokens[^1] == vocabulary.ImEndId)
                Texts.Encode("\n", parseControl: false, tokens);
            if (message.Role != Assistant)
            {
                AddMessage(message, tokens);
                continue;
            }

            BeginTurn(Assistant, "", tokens);
            var first = tokens.Count;
            Texts.Encode(message.Text, parseControl: false, tokens);
            tokens.Add(vocabulary.ImEndId);
            learned.Add(new TokenSpan(first, tokens.Count));
        }

        return new TrainingDocument([.. tokens], learned, task);
    }

    private void AddMessage(DocumentMessage message, List<int> tokens)
    {
        BeginTurn(message.Role, message.Text, tokens);
        tokens.Add(vocabulary.ImEndId);
        Texts.Encode("\n", parseControl: false, tokens);
    }

    /// <summary>Only the template's own control tokens are control tokens; between them the engine tokenizes one text.</summary>
    private void BeginTurn(string role, string text, List<int> tokens)
    {
        tokens.Add(vocabulary.ImStartId);

        // A C string ends at a zero, so the engine replaces it in what a chat brings.
        Texts.Encode($"{role}\n{text}".Replace('\0', '\uFFFD'), parseControl: false, tokens);
    }

    private static void AppendMessage(StringBuilder prompt, DocumentMessage message) =>
        prompt.Append("<|im_start|>").Append(message.Role).Append('\n').Append(message.Text).Append("<|im_end|>\n");
}
