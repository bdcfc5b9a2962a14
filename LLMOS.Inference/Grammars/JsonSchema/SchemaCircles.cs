namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Finds schemas that are themselves without an object or an array in between, of which no JSON is an instance.</summary>
internal sealed class SchemaCircles
{
    private readonly Dictionary<string, List<(string Rule, string Path)>> _references = new(StringComparer.Ordinal);

    /// <param name="from">The rule that refers.</param>
    /// <param name="to">The rule that it may be.</param>
    /// <param name="path">Where in the schema it refers.</param>
    public void Add(string from, string to, string path)
    {
        if (!_references.TryGetValue(from, out var list))
            _references[from] = list = [];
        list.Add((to, path));
    }

    /// <exception cref="LlamaException">There is one.</exception>
    public void Check()
    {
        foreach (var (start, references) in _references)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var open = new Stack<string>(references.Select(reference => reference.Rule));
            while (open.TryPop(out var rule))
            {
                if (rule == start)
                    throw SchemaError.At(references[0].Path, "the reference comes back to itself without an object or an array in between: put one there");
                if (seen.Add(rule) && _references.TryGetValue(rule, out var next))
                {
                    foreach (var reference in next)
                        open.Push(reference.Rule);
                }
            }
        }
    }
}
