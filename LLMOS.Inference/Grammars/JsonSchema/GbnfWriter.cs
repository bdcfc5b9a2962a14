using System.Globalization;
using System.Text;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Collects the rules of a grammar: the root first, the others as they were named. Rules with equal bodies are one.</summary>
internal sealed class GbnfWriter(int maxCharacters)
{
    public const string Root = "root";

    private const int LongestName = 48;
    private const int MostRules = 8000;

    private readonly List<string> _order = [];
    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private long _characters;

    /// <summary>A new name for a rule that is defined later, since it may refer to itself.</summary>
    /// <param name="hint">Any text; what a name cannot have becomes a hyphen.</param>
    /// <param name="path">What in the schema it is for.</param>
    public string Reserve(string hint, string path)
    {
        var letters = new StringBuilder();
        foreach (var character in hint)
        {
            if (letters.Length < LongestName)
                letters.Append(char.IsAsciiLetterOrDigit(character) ? char.ToLowerInvariant(character) : '-');
        }
        var stem = letters.ToString().Trim('-') is { Length: > 0 } some ? some : "rule";
        var name = stem;
        for (var number = 2; !_taken.Add(name); number++)
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
        _order.Add(name);
        _paths[name] = path;
        return name;
    }

    public void Define(string name, string body)
    {
        _bodies[name] = body;
        _names.TryAdd(body, name);
        _characters += name.Length + body.Length + " ::= \n".Length;
        if (_characters > maxCharacters)
            throw SchemaError.At(PathOf(name), $"the grammar grows past {maxCharacters} characters here: make the schema smaller, with fewer or shorter values and bounds");
        if (_bodies.Count > MostRules)
            throw SchemaError.At(PathOf(name), $"the grammar has more than {MostRules} rules here: make the schema smaller");
    }

    /// <summary>Adds a rule, unless one of the same body is there.</summary>
    /// <returns>The rule's name.</returns>
    public string Add(string hint, string body, string path)
    {
        if (_names.TryGetValue(body, out var known))
            return known;
        var name = Reserve(hint, path);
        Define(name, body);
        return name;
    }

    /// <summary>An expression as one item: itself, or the name of a rule for it.</summary>
    public string Item(string hint, string expression, string path) => GbnfText.IsItem(expression) ? expression : Add(hint, expression, path);

    /// <summary>What in the schema a rule is for.</summary>
    public string PathOf(string name) => _paths[name];

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var name in _order)
            text.Append(name).Append(" ::= ").Append(_bodies[name]).Append('\n');
        return text.ToString();
    }
}
