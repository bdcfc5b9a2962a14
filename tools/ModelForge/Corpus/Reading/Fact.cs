namespace ModelForge.Corpus.Reading;

/// <summary>A generated fact.</summary>
/// <param name="Kind">The relation.</param>
/// <param name="Entity">Whose it is.</param>
/// <param name="Value">What it is.</param>
internal sealed record Fact(FactKind Kind, string Entity, string Value)
{
    /// <summary>Puts the fact into a phrasing of its kind, in one pass: a value may contain <c>@</c>.</summary>
    public string In(string phrasing)
    {
        var text = new System.Text.StringBuilder(phrasing.Length + Entity.Length + Value.Length);
        foreach (var character in phrasing)
        {
            _ = character switch
            {
                '@' => text.Append(Entity),
                '#' => text.Append(Value),
                _ => text.Append(character),
            };
        }
        return text.ToString();
    }
}
