using System.Runtime.CompilerServices;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace LLMOS.Shell.Indexing;

/// <summary>The text of a page as somebody reads it, with its headings as Markdown writes them, so that it is cut as Markdown is. Nothing is loaded and nothing is run.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Unread = new(StringComparer.OrdinalIgnoreCase) { "script", "style", "template", "noscript", "svg", "head", "nav", "iframe", "object" };

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "li", "main", "ol", "p", "pre",
        "section", "summary", "table", "tr", "ul",
    };

    /// <summary>No page that is read is as deep. The parser takes the square of the depth, which for one of 60,000 is minutes.</summary>
    private const int Deepest = 2000;

    /// <summary>Elements between two looks at the depth, of which each goes up to the root; in between it grows by no more than these.</summary>
    private const int BetweenLooks = 100;

    /// <exception cref="DocumentException">Its elements lie too deep in each other.</exception>
    public static string Of(string html)
    {
        var created = 0;
        IElement? last = null;
        var parser = new HtmlParser(new HtmlParserOptions
        {
            // Its own limit puts what is deeper beside, and takes as long.
            MaximumDepth = int.MaxValue,
            OnCreated = (element, _) =>
            {
                // The one before it: an element is created before it is put in its place.
                if (++created % BetweenLooks == 0)
                {
                    EnsureNotTooDeep(last);
                }

                last = element;
            },
        });
        var document = parser.ParseDocument(html);
        var text = new StringBuilder();
        if (document.Title is { Length: > 0 } title)
        {
            text.Append("# ").Append(Spaced(title).Trim()).Append("\n\n");
        }

        if (document.Body is { } body)
        {
            Write(body, text, isPreformatted: false);
        }

        return text.ToString().Trim();
    }

    private static void Write(INode node, StringBuilder text, bool isPreformatted)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep();
        }

        switch (node)
        {
            case IText words:
                text.Append(isPreformatted ? words.Data : WithoutDoubleSpace(text, Spaced(words.Data)));
                return;
            case IElement element when Unread.Contains(element.LocalName) || element.HasAttribute("hidden"):
                return;
            case IElement { LocalName: "br" }:
                text.Append('\n');
                return;
            case IElement { LocalName: ['h', >= '1' and <= '6' and var level] }:
                EndParagraph(text);
                text.Append('#', level - '0').Append(' ').Append(Spaced(node.TextContent).Trim());
                EndParagraph(text);
                return;
            case IElement { LocalName: "td" or "th" }:
                WriteChildren(node, text, isPreformatted);
                text.Append(' ');
                return;
            case IElement element when Blocks.Contains(element.LocalName):
                EndParagraph(text);
                WriteChildren(node, text, isPreformatted || element.LocalName == "pre");
                EndParagraph(text);
                return;
            default:
                WriteChildren(node, text, isPreformatted);
                return;
        }
    }

    private static void WriteChildren(INode node, StringBuilder text, bool isPreformatted)
    {
        foreach (var child in node.ChildNodes)
        {
            Write(child, text, isPreformatted);
        }
    }

    private static void EndParagraph(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] is ' ' or '\n')
        {
            text.Length--;
        }

        if (text.Length > 0)
        {
            text.Append("\n\n");
        }
    }

    private static string WithoutDoubleSpace(StringBuilder before, string text) =>
        (before.Length == 0 || char.IsWhiteSpace(before[^1])) && text.StartsWith(' ') ? text[1..] : text;

    /// <summary>White space as a browser shows it.</summary>
    private static string Spaced(string text)
    {
        var spaced = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character))
            {
                spaced.Append(character);
            }
            else if (spaced.Length == 0 || spaced[^1] != ' ')
            {
                spaced.Append(' ');
            }
        }

        return spaced.ToString();
    }

    private static void EnsureNotTooDeep(INode? node)
    {
        for (var depth = 0; node is not null; depth++, node = node.Parent)
        {
            if (depth > Deepest)
            {
                throw TooDeep();
            }
        }
    }

    private static DocumentException TooDeep() => new("has elements that lie too deep in each other");
}
