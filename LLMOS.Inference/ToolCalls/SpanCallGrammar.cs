using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LLMOS.Inference;

/// <summary>
/// The GBNF grammar (llama.cpp's dialect) of one call of some functions whose arguments are said in a request: texts are spans of it and begin with a
/// space, as its words do, numbers stand in it, be it with their thousands set apart. So a small model that is held to it may choose wrongly and cannot invent a value. It grows linearly
/// with the functions and the request.
/// </summary>
/// <remarks>
/// Of a parameter's JSON schema its type counts, <c>string</c>, <c>integer</c>, <c>number</c> or <c>boolean</c>, and the texts of an <c>enum</c>; a parameter of
/// another type is never given. What the function requires is given, unless it is a number and the request has none; all else may be left out.
/// </remarks>
public static partial class SpanCallGrammar
{
    private const int MostPieces = 2000;

    /// <summary>The grammar; its root is <c>root</c>.</summary>
    /// <exception cref="LlamaException">There are no functions, the schema of one is no JSON object, or the request is empty or too long.</exception>
    public static string For(IReadOnlyList<ChatTool> tools, string request)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(request);
        if (tools.Count == 0)
            throw new LlamaException(LlamaError.InvalidRequest, "There is no function to call: list one at least.");
        var pieces = Piece().Matches(request);
        if (pieces.Count is 0 or > MostPieces)
            throw new LlamaException(LlamaError.InvalidRequest, $"The request for a function has {pieces.Count} words and signs, but must have 1 to {MostPieces}: shorten it, or say something.");
        var integers = Numbers(Integer().Matches(request));
        var numbers = Numbers(Number().Matches(request));

        var grammar = new StringBuilder("root ::= \"{\\\"name\\\":\\\"\" (");
        grammar.AppendJoin(" | ", tools.Select((_, i) => Name('t', i))).Append(") \"}\"\n");
        for (var i = 0; i < tools.Count; i++)
            AppendTool(grammar, tools[i].Name, SpanParameter.Of(tools[i], integers.Count > 0, numbers.Count > 0), i);
        var starts = Enumerable.Range(0, pieces.Count).Where(i => !IsWithinWord(pieces, i));
        grammar.Append("string ::= \"\\\" \" (").AppendJoin(" | ", starts.Select(i => Name('w', i))).Append(") \"\\\"\"\n");
        for (var i = 0; i < pieces.Count; i++)
            AppendPiece(grammar, pieces, i);
        AppendNumbers(grammar, "integer", integers);
        AppendNumbers(grammar, "number", numbers);
        return grammar.ToString();
    }

    /// <summary>
    /// A rule pair for each parameter: <c>a</c> where none was given before it, <c>b</c>, with a comma, where one was. Each goes on to
    /// the next parameter's, so that any may be left out and the rules stay as many as the parameters.
    /// </summary>
    private static void AppendTool(StringBuilder grammar, string name, SpanParameter[] parameters, int index)
    {
        grammar.Append(CultureInfo.InvariantCulture, $"{Name('t', index)} ::= {Literal($"{Escape(name)}\",\"arguments\":{{")} t{index}a0\n");
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            var value = parameter.Choices.Count > 0 ? $"({string.Join(" | ", parameter.Choices.Select(choice => Literal($"\" {Escape(choice)}\"")))})"
                : parameter.Type == "boolean" ? "(\"true\" | \"false\")"
                : parameter.Type;
            var pair = $"{Literal($"\"{Escape(parameter.Name)}\":")} {value} t{index}b{i + 1}";
            grammar.Append(CultureInfo.InvariantCulture, $"t{index}a{i} ::= {pair}{(parameter.IsRequired ? "" : $" | t{index}a{i + 1}")}\n");
            grammar.Append(CultureInfo.InvariantCulture, $"t{index}b{i} ::= \",\" {pair}{(parameter.IsRequired ? "" : $" | t{index}b{i + 1}")}\n");
        }
        grammar.Append(CultureInfo.InvariantCulture, $"t{index}a{parameters.Length} ::= \"}}\"\nt{index}b{parameters.Length} ::= \"}}\"\n");
    }

    /// <summary>The span from a piece on: it alone, or with the next ones; it does not end within a word.</summary>
    private static void AppendPiece(StringBuilder grammar, MatchCollection pieces, int index)
    {
        grammar.Append(CultureInfo.InvariantCulture, $"{Name('w', index)} ::= {Literal(Escape(pieces[index].Value))}");
        if (IsWithinWord(pieces, index + 1))
            grammar.Append(' ').Append(Name('w', index + 1));
        else if (index + 1 < pieces.Count)
            grammar.Append(IsAdjacent(pieces, index + 1) ? " (" : " (\" \" ").Append(Name('w', index + 1)).Append(")?");
        grammar.Append('\n');
    }

    /// <summary>Whether a piece goes on with what the one before began, as the domain of a mail address does, so that no value is a part of it.</summary>
    private static bool IsWithinWord(MatchCollection pieces, int index)
    {
        if (index == 0 || !IsAdjacent(pieces, index) || !IsWord(pieces[index - 1]) && !IsJoint(pieces[index - 1]))
            return false;

        // At the front of a word only a path's sign belongs to it: in "@poet" and "-poet" a name is said.
        if (IsJoint(pieces[index - 1]) && pieces[index - 1].Value is not ("/" or ".")
            && (index == 1 || !IsAdjacent(pieces, index - 1) || !IsWord(pieces[index - 2]) && !IsJoint(pieces[index - 2])))
            return false;
        while (IsJoint(pieces[index]) && IsAdjacent(pieces, index + 1))
            index++;
        return IsWord(pieces[index]);
    }

    private static bool IsAdjacent(MatchCollection pieces, int index) => index < pieces.Count && pieces[index - 1].Index + pieces[index - 1].Length == pieces[index].Index;

    private static bool IsWord(Match piece) => char.IsLetterOrDigit(piece.Value[0]);

    /// <summary>What stands within a word, when more of it follows.</summary>
    private static bool IsJoint(Match piece) => piece.Value is "/" or "-" or "_" or "." or "@";

    private static void AppendNumbers(StringBuilder grammar, string rule, List<string> numbers)
    {
        if (numbers.Count > 0)
            grammar.Append(rule).Append(" ::= ").AppendJoin(" | ", numbers.Select(Literal)).Append('\n');
    }

    private static List<string> Numbers(MatchCollection matches) => [.. matches.Select(match => match.Value.Replace(",", "", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];

    private static string Name(char kind, int index) => kind + index.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static string Literal(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    // The vocabulary's pieces: letters together, everything else alone; a pair of surrogates stays one.
    [GeneratedRegex(@"\p{L}+|[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\s\p{C}]")]
    private static partial Regex Piece();

    // No leading zero, which JSON has not, and no part of a longer number; thousands may be set apart.
    [GeneratedRegex(@"(?<![\p{L}\d.,])-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,14})(?![\d\p{L}]|[.,]\d)")]
    private static partial Regex Integer();

    [GeneratedRegex(@"(?<![\p{L}\d.,])-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,14})(?:\.\d{1,15})?(?![\d\p{L}]|[.,]\d)")]
    private static partial Regex Number();
}
