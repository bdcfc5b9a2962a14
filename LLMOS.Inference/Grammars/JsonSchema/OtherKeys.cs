namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>
/// The rules for a key that is none of some names: a tree of their characters, which a key leaves at some place or ends in where no name does.
/// Other keys escape only what they must, since a key that is written otherwise would be the same key.
/// </summary>
internal sealed class OtherKeys
{
    private readonly SortedDictionary<int, OtherKeys> _next = [];
    private bool _isName;

    /// <summary>An expression for a key with its quotes.</summary>
    public static string Expression(IEnumerable<string> names, GbnfWriter writer, string path)
    {
        var root = new OtherKeys();
        foreach (var name in names)
        {
            var place = root;
            foreach (var character in name.EnumerateRunes())
            {
                if (!place._next.TryGetValue(character.Value, out var next))
                    place._next[character.Value] = next = new OtherKeys();
                place = next;
            }
            place._isName = true;
        }
        return GbnfText.Sequence(JsonRules.Quote, root.Rule(writer, path));
    }

    /// <summary>A rule for the rest of a key from here, with the quote that ends it. The tree is as deep as a name is long, so it is walked without recursion.</summary>
    private string Rule(GbnfWriter writer, string path)
    {
        var character = writer.Add("key-char", JsonCharacters.OneOf(CodePointSet.All), path);
        var rules = new Dictionary<OtherKeys, string>();
        var open = new Stack<OtherKeys>([this]);
        while (open.TryPeek(out var place))
        {
            var missing = place._next.Values.Where(next => !rules.ContainsKey(next)).ToList();
            foreach (var next in missing)
                open.Push(next);
            if (missing.Count == 0)
                rules[open.Pop()] = writer.Add("other-key", place.Body(character, rules), path);
        }
        return rules[this];
    }

    private string Body(string character, Dictionary<OtherKeys, string> rules)
    {
        var alternatives = new List<string>();
        if (!_isName)
            alternatives.Add(JsonRules.Quote);
        var others = CodePointSet.Of(_next.Keys.Select(key => (key, key))).Complement();
        alternatives.Add(GbnfText.Sequence(_next.Count == 0 ? character : GbnfText.Item(JsonCharacters.OneOf(others)), $"{character}*", JsonRules.Quote));
        foreach (var (next, place) in _next)
            alternatives.Add(GbnfText.Sequence(GbnfText.Literal(JsonStringText.Escape(next)), rules[place]));
        return GbnfText.Alternatives(alternatives);
    }
}
