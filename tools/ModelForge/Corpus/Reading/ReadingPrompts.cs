using System.Text;
using LLMOS.Inference;
using ModelForge.Corpus.Reading.Tools;

namespace ModelForge.Corpus.Reading;

/// <summary>
/// The prompts that the model was trained on, one method a task. A caller gives the same messages to the model and trims the answer:
/// an answer begins with a space, so that its first word is the same piece as in the text that it is copied from.
/// </summary>
public static class ReadingPrompts
{
    /// <summary>The answer to a question whose answer is not in the context.</summary>
    public const string NotInContext = "Not in the context.";

    /// <summary>The answer to a question about the world.</summary>
    public const string DoNotKnow = "I do not know. I am a small model and know only what you show me.";

    /// <summary>Who the model is.</summary>
    public const string Introduction = "I am nano, a small model made for LLMOS.";

    /// <summary>
    /// A question over a context. The answer is a span of the context, without a full stop, or <see cref="NotInContext"/>.
    /// <code>
    /// system: Answer from the context.
    /// user:   Context: Project Tessin is led by Mira Volt. We met again.
    ///         Question: Who leads project Tessin?
    /// answer:  Mira Volt
    /// </code>
    /// </summary>
    public static IReadOnlyList<DocumentMessage> Question(string context, string question) =>
        Turn("Answer from the context.", $"Context:{Spaced(context)}\nQuestion:{Spaced(question)}");

    /// <summary>Another question over the context of the conversation, to be put behind the answer to the one before.</summary>
    public static DocumentMessage NextQuestion(string question) => new("user", $"Question:{Spaced(question)}");

    /// <summary>
    /// A summary: a sentence for each fact (names, numbers, decisions), in the order of the text; what states none is left out.
    /// <code>
    /// system: Summarize the text. Keep names, numbers and decisions.
    /// user:   Text: It was a long day. Mira Volt leads project Tessin. For the red kettle they want 40 euros.
    /// answer:  Project Tessin is led by Mira Volt. The red kettle costs 40 euros.
    /// </code>
    /// </summary>
    public static IReadOnlyList<DocumentMessage> Summary(string text) =>
        Turn("Summarize the text. Keep names, numbers and decisions.", $"Text:{Spaced(text)}");

    /// <summary>
    /// A tool call. The tools stand in the system message as a JSON list, and the answer is one JSON object; see
    /// <see cref="SpanCallGrammar"/> for the grammar that lets the model say nothing else. Strings begin with a space, to be trimmed.
    /// <code>
    /// system: Call the right tool.
    ///         [{"name":"book_room","description":"Books a room.","parameters":{"city":"string","seats":"integer"}}]
    /// user:   Request: please book a room in Oslo for 12 people
    /// answer: {"name":"book_room","arguments":{"city":" Oslo","seats":12}}
    /// </code>
    /// </summary>
    public static IReadOnlyList<DocumentMessage> ToolCall(IReadOnlyList<ToolDefinition> tools, string request) =>
        Turn("Call the right tool.\n" + ToolDefinition.ListOf(tools), $"Request:{Spaced(request)}");

    /// <summary>Another request for one of the tools of the conversation, to be put behind the call before.</summary>
    public static DocumentMessage NextRequest(string request) => new("user", $"Request:{Spaced(request)}");

    /// <summary>
    /// Two role descriptions made one.
    /// <code>
    /// system: Merge the two roles into one.
    /// user:   Role 1: You are a coder. You write code and fix bugs.
    ///         Role 2: You are a tester. You write tests and fix bugs.
    /// answer:  You are a coder and tester. You write code, fix bugs and write tests.
    /// </code>
    /// </summary>
    public static IReadOnlyList<DocumentMessage> Merge(string first, string second) =>
        Turn("Merge the two roles into one.", $"Role 1:{Spaced(first)}\nRole 2:{Spaced(second)}");

    /// <summary>
    /// A role description made into <paramref name="parts"/> (2 or 3), a numbered line each; every duty goes to one of them.
    /// <code>
    /// system: Split the role into parts.
    /// user:   Parts: 2
    ///         Role: You are a coder and tester. You write code, fix bugs, write tests and read logs.
    /// answer: 1. You are a coder. You write code and fix bugs.
    ///         2. You are a tester. You write tests and read logs.
    /// </code>
    /// </summary>
    public static IReadOnlyList<DocumentMessage> Split(string role, int parts) =>
        Turn("Split the role into parts.", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Parts: {parts}\nRole:{Spaced(role)}"));

    /// <summary>
    /// How sure a claim is after reading sources: <c>high</c> when at least two say it and none says otherwise, <c>medium</c> when
    /// one says it alone or more say it than say otherwise, else <c>low</c>.
    /// <code>
    /// system: How sure is the claim: high, medium or low?
    /// user:   Claim: The red kettle costs 40 euros.
    ///         Source 1: You pay 40 euros for the red kettle.
    ///         Source 2: It rained.
    /// answer:  medium
    /// </code>
    /// </summary>
    public static IReadOnlyList<DocumentMessage> Confidence(string claim, IReadOnlyList<string> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var text = new StringBuilder("Claim:").Append(Spaced(claim));
        for (var i = 0; i < sources.Count; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\nSource {i + 1}:{Spaced(sources[i])}");
        return Turn("How sure is the claim: high, medium or low?", text.ToString());
    }

    /// <summary>Another claim about the sources of the conversation, to be put behind the word before.</summary>
    public static DocumentMessage NextClaim(string claim) => new("user", $"Claim:{Spaced(claim)}");

    /// <summary>Small talk: no system message, or any.</summary>
    public static IReadOnlyList<DocumentMessage> Chat(string? system, string text) =>
        system is null ? [new("user", Spaced(text))] : [new("system", system), new("user", Spaced(text))];

    /// <summary>
    /// The text with a space before every word that has none: at the start, after a line's end, after an opening quote or bracket.
    /// A word then has the same piece wherever it stands, which copying needs.
    /// </summary>
    public static string Spaced(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var spaced = new StringBuilder(text.Length + 8);
        var previous = '\n';
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character) && (previous is '\n' or '(' or '[' || (previous is '"' or '“' && char.IsLetterOrDigit(character) && OpensQuote(spaced))))
                spaced.Append(' ');
            if (character != '\r')
                spaced.Append(previous = character);
        }
        return spaced.ToString();
    }

    private static bool OpensQuote(StringBuilder text) => text.Length < 2 || char.IsWhiteSpace(text[^2]) || text[^2] is '(' or '[' or ':';

    private static DocumentMessage[] Turn(string system, string user) => [new("system", system), new("user", user)];
}
