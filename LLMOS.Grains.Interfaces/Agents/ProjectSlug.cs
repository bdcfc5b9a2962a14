using System.Collections.Frozen;
using System.Text;

namespace LLMOS.Agents;

/// <summary>
/// What a request is about, as one word for a path: "Create a web server with authentication and logging" gives
/// <c>webserver</c>. Pure: the same request always gives the same slug.
/// </summary>
public static class ProjectSlug
{
    /// <summary>The placeholder in a template's region that the slug is put in.</summary>
    public const string Placeholder = "{slug}";

    /// <summary>The slug of a request that says nothing a path could be named after.</summary>
    public const string Untitled = "untitled";

    /// <summary>Characters a slug has at most.</summary>
    public const int MaxLength = 40;

    /// <summary>A noun phrase has few words; what follows them describes it.</summary>
    private const int MaxWords = 3;

    /// <summary>Words before what is to be made: verbs of making, articles, politeness.</summary>
    private static readonly FrozenSet<string> Leading = FrozenSet.ToFrozenSet(
    [
        "a", "about", "add", "all", "an", "and", "another", "any", "basic", "build", "can", "code", "complete", "could", "create", "design", "develop",
        "do", "draft", "explain", "fix", "for", "generate", "give", "help", "how", "i", "id", "implement", "improve", "in", "is", "it",
        "just", "let", "lets", "like", "make", "me", "my", "need", "new", "of", "one", "our", "plan", "please", "prepare", "produce", "program", "refactor",
        "set", "setup", "simple", "small", "some", "that", "the", "this", "to", "up", "us", "want", "we", "what", "will", "would", "write", "you", "your",
    ]);

    /// <summary>Words that end the noun phrase.</summary>
    private static readonly FrozenSet<string> Trailing = FrozenSet.ToFrozenSet(
    [
        "able", "about", "and", "as", "at", "based", "by", "can", "for", "from", "has", "have", "in", "including", "into", "is", "like", "of", "on", "or",
        "so", "supporting", "that", "to", "using", "via", "when", "where", "which", "who", "whose", "will", "with", "within", "without", "written",
    ]);

    /// <summary>The slug of a request: lower-case letters and digits, 1 to <see cref="MaxLength"/>.</summary>
    public static string Of(string request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var slug = new StringBuilder();
        var words = 0;
        foreach (var (word, endsPhrase) in Words(request))
        {
            if (words > 0 && Trailing.Contains(word))
            {
                break;
            }

            if (words > 0 || !Leading.Contains(word))
            {
                slug.Append(word);
                words++;
            }

            if (words == MaxWords || (words > 0 && endsPhrase))
            {
                break;
            }
        }

        if (slug.Length > MaxLength)
        {
            slug.Length = char.IsHighSurrogate(slug[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        }

        return slug.Length == 0 ? Untitled : slug.ToString();
    }

    /// <summary>The words of a text in lower case, each with whether a stop follows it; an apostrophe belongs to its word and is left out.</summary>
    private static IEnumerable<(string Word, bool EndsPhrase)> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (rune.Value is not ('\'' or '’') && word.Length > 0)
            {
                yield return (word.ToString(), rune.Value is '.' or ',' or ';' or ':' or '!' or '?' or '(' or '\n');
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return (word.ToString(), true);
        }
    }
}
