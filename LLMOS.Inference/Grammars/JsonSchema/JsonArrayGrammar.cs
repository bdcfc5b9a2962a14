namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Arrays: the first items each by its own schema, the others by one, and how many there may be.</summary>
internal sealed class JsonArrayGrammar(JsonSchemaEmitter emitter, GbnfWriter writer, JsonRules rules)
{
    public string Expression(JsonSchemaNode node, string name, int depth)
    {
        var least = node.MinItems ?? 0;
        var prefix = node.PrefixItems ?? [];
        var items = node.Items ?? new JsonSchemaNode { Path = node.Path };
        int? most = emitter.IsNever(items, depth + 1) ? Math.Min(node.MaxItems ?? prefix.Count, prefix.Count) : node.MaxItems;
        if (least > most)
            throw SchemaError.At(node.Path, $"it has at least {least} items, but only {most} are allowed: change minItems, or what is allowed");
        if (most < prefix.Count)
            prefix = [.. prefix.Take(most.Value)];

        var tail = "";
        if (most is null || most > prefix.Count)
        {
            var item = emitter.Item(items, JsonSchemaEmitter.Name(name, "item"), depth + 1);
            var (fewest, largest) = (Math.Max(least - prefix.Count, 0), most - prefix.Count);
            tail = prefix.Count > 0
                ? GbnfText.Repeat($"({rules.Comma} {item})", fewest, largest)
                : List(item, fewest, largest);
        }
        for (var i = prefix.Count - 1; i >= 0; i--)
        {
            var item = emitter.Item(prefix[i], JsonSchemaEmitter.Name(name, $"item-{i + 1}"), depth + 1);
            tail = GbnfText.Sequence(i > 0 ? rules.Comma : "", item, tail);
            if (i >= least)
                tail = $"{writer.Item(JsonSchemaEmitter.Name(name, $"from-{i + 1}"), tail, node.Path)}?";
        }
        return GbnfText.Sequence(rules.OpenArray, tail, rules.CloseArray);
    }

    /// <summary>Items of one kind with commas between them.</summary>
    private string List(string item, int least, int? most)
    {
        var others = GbnfText.Repeat($"({rules.Comma} {item})", Math.Max(least - 1, 0), most - 1);
        var list = GbnfText.Sequence(item, others);
        return least == 0 ? $"({list})?" : list;
    }
}
