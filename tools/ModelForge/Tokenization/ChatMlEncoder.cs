using System.Text;
using ModelForge.Corpus;
using ModelForge.Training;

namespace ModelForge.Tokenization;

/// <summary>
/// Turns documents into tokens as the engine does: the prompt is rendered by the ChatML template and tokenized as one text behind
/// the beginning token. The answer is tokenized apart from it, because a model that answers begins behind the prompt's last token.
/// </summary>
internal sealed class ChatMlEncoder(Vocabulary vocabulary)
{
    private const string Assistant = "assistant";

    /// <summary>The encoder of the texts.</summary>
    public SpmEncoder Texts { get; } = new(vocabulary);

    /// <summary>The prompt text that llama.cpp's ChatML template makes of these messages, up to where the assistant begins to answer.</summary>
    public static string RenderPrompt(IEnumerable<DocumentMessage> messages)
    {
        var prompt = new StringBuilder();
        foreach (var message in messages)
            prompt.Append("<|im_start|>").Append(message.Role).Append('\n').Append(message.Text).Append("<|im_end|>\n");

        // A C string ends at a zero, so the engine replaces it.
        return prompt.Append("<|im_start|>assistant\n").Replace('\0', '\uFFFD').ToString();
    }

    /// <summary>The tokens that the engine computes before it answers these messages.</summary>
    public int[] EncodePrompt(IEnumerable<DocumentMessage> messages)
    {
        List<int> tokens = [vocabulary.BeginningId];
        Texts.Encode(RenderPrompt(messages), parseControl: true, tokens);
        return [.. tokens];
    }

    /// <summary>The document with its answer, and the end of the turn behind it, as what is learned.</summary>
    /// <exception cref="ArgumentException">It does not end with an answer.</exception>
    public TrainingDocument Encode(Document document, int task)
    {
        if (document.Messages is not [.., { Role: Assistant } answer])
            throw new ArgumentException($"A document of {document.Task} does not end with the assistant's message.", nameof(document));
        List<int> tokens = [vocabulary.BeginningId];
        Texts.Encode(RenderPrompt(document.Messages.SkipLast(1)), parseControl: true, tokens);
        var firstTarget = tokens.Count;
        Texts.Encode(answer.Text, parseControl: false, tokens);
        tokens.Add(vocabulary.ImEndId);
        return new TrainingDocument([.. tokens], firstTarget, task);
    }
}
