using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelForge.Corpus.Reading.Tools;

/// <summary>
/// The GBNF grammar (llama.cpp's dialect) of a call of one of some tools for a request: the tools' names and parameters, strings that
/// are spans of the request, numbers that stand in it. It grows linearly with the tools and the request.
/// </summary>
public static partial class ToolCallGrammar
{
    private const int MostPieces = 2000;

    /// <summary>The grammar; its root is <c>root</c>.</summary>
    /// <exception cref="ArgumentException">There are no tools, or the request is empty or too long.</exception>
    public static string For(IReadOnlyList<ToolDefinition> tools, string sentence)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(sentence);
        if (tools.Count == 0)
            throw new ArgumentException("There is no tool to call: list one at least.", nameof(tools));
        var pieces = Piece().Matches(sentence);
        if (pieces.Count is 0 or > MostPieces)
            throw new ArgumentException($"The request has {pieces.Count} words and signs, but must have 1 to {MostPieces}: shorten it, or say something.", nameof(sentence));
        var integers = Numbers(Integer().Matches(sentence));
        var numbers = Numbers(Number().Matches(sentence));

        var grammar = new StringBuilder("root ::= \"{\\\"name\\\":\\\"\" (");
        grammar.AppendJoin(" | ", tools.Select((_, i) => Name('t', i))).Append(") \"}\"\n");
        for (var i = 0; i < tools.Count; i++)
            AppendTool(grammar, tools[i], i, integers.Count > 0, numbers.Count > 0);
        grammar.Append("string ::= \"\\\" \" (").AppendJoin(" | ", pieces.Select((_, i) => Name('w', i))).Append(") \"\\\"\"\n");
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
    private static void AppendTool(StringBuilder grammar, ToolDefinition tool, int index, bool hasIntegers, bool hasNumbers)
    {
        var parameters = tool.Parameters.Where(parameter => parameter.Type switch { "integer" => hasIntegers, "number" => hasNumbers, _ => true }).ToArray();
        grammar.Append(CultureInfo.InvariantCulture, $"{Name('t', index)} ::= {Literal($"{ToolDefinition.Escape(tool.Name)}\",\"arguments\":{{")} t{index}a0\n");
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            var type = parameter.Type is "integer" or "number" ? parameter.Type : "string";
            var pair = $"{Literal($"\"{ToolDefinition.Escape(parameter.Name)}\":")} {type} t{index}b{i + 1}";
            grammar.Append(CultureInfo.InvariantCulture, $"t{index}a{i} ::= {pair} | t{index}a{i + 1}\nt{index}b{i} ::= \",\" {pair} | t{index}b{i + 1}\n");
        }
        grammar.Append(CultureInfo.InvariantCulture, $"t{index}a{parameters.Length} ::= \"}}\"\nt{index}b{parameters.Length} ::= \"}}\"\n");
    }

    /// <summary>The span from a piece on: it alone, or with the next ones.</summary>
    private static void AppendPiece(StringBuilder grammar, MatchCollection pieces, int index)
    {
        grammar.Append(CultureInfo.InvariantCulture, $"{Name('w', index)} ::= {Literal(ToolDefinition.Escape(pieces[index].Value))}");
        if (index + 1 < pieces.Count)
        {
            var end = pieces[index].Index + pieces[index].Length;
            grammar.Append(end < pieces[index + 1].Index ? " (\" \" " : " (").Append(Name('w', index + 1)).Append(")?");
        }
        grammar.Append('\n');
    }

    private static void AppendNumbers(StringBuilder grammar, string rule, List<string> numbers)
    {
        if (numbers.Count > 0)
            grammar.Append(rule).Append(" ::= ").AppendJoin(" | ", numbers.Select(Literal)).Append('\n');
    }

    private static List<string> Numbers(MatchCollection matches) => [.. matches.Select(match => match.Value).Distinct(StringComparer.Ordinal)];

    private static string Name(char kind, int index) => kind + index.ToString(CultureInfo.InvariantCulture);

    private static string Literal(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    // The vocabulary's pieces: letters together, everything else alone; a pair of surrogates stays one.
    [GeneratedRegex(@"\p{L}+|[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\s\p{C}]")]
    private static partial Regex Piece();

    // No leading zero, which JSON has not, and no part of a longer number.
    [GeneratedRegex(@"(?<![\p{L}\d.,])-?(?:0|[1-9]\d{0,14})(?![\d\p{L}]|[.,]\d)")]
    private static partial Regex Integer();

    [GeneratedRegex(@"(?<![\p{L}\d.,])-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?![\d\p{L}]|[.,]\d)")]
    private static partial Regex Number();
}
