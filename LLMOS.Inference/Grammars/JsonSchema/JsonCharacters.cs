using System.Globalization;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Characters of a set as they stand inside a JSON string, each in one way: see <see cref="JsonStringText"/>.</summary>
internal static class JsonCharacters
{
    private const string HexadecimalDigits = "[0-9a-fA-F]";

    private static readonly CodePointSet Controls = CodePointSet.Of([(0, 0x1F)]);
    private static readonly CodePointSet Escaped = Controls.Union(CodePointSet.Of("\"\\"));
    private static readonly CodePointSet Short = CodePointSet.Of(JsonStringText.ShortEscapes.Select(escape => (escape.Character, escape.Character)));

    /// <summary>One character of a set.</summary>
    /// <param name="set">Not empty.</param>
    public static string OneOf(CodePointSet set)
    {
        var alternatives = new List<string>();
        var raw = set.Except(Escaped);
        if (!raw.IsEmpty)
            alternatives.Add(raw.Only is { } only ? GbnfText.Literal(char.ConvertFromUtf32(only)) : GbnfText.Class(raw));
        var escapes = JsonStringText.ShortEscapes.Where(escape => set.Contains(escape.Character)).Select(escape => ((int)escape.Escape, (int)escape.Escape)).ToList();
        if (escapes.Count > 0)
            alternatives.Add($"\"\\\\\" {GbnfText.Class(CodePointSet.Of(escapes))}");
        alternatives.AddRange(Others(set));
        return GbnfText.Alternatives(alternatives);
    }

    private static IEnumerable<string> Others(CodePointSet set)
    {
        if (Controls.Except(set).IsEmpty)
            return [$"\"\\\\u00\" [01] {HexadecimalDigits}"];
        return Controls.Except(Short).Ranges
            .SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))
            .Where(set.Contains)
            .Select(character => string.Create(CultureInfo.InvariantCulture, $"\"\\\\u{character:x4}\""));
    }
}
