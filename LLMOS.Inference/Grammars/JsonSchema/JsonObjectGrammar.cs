namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Objects: the properties in the order of the schema, those that may be missing with the commas that then go, and others after them.</summary>
internal sealed class JsonObjectGrammar(JsonSchemaEmitter emitter, GbnfWriter writer, JsonRules rules, bool openObjects)
{
    /// <summary>One property with its key.</summary>
    private readonly record struct Pair(string Expression, bool IsRequired);

    public string Expression(JsonSchemaNode node, string name, int depth)
    {
        var others = Others(node);
        if (node.Properties is null && node.Required.Count == 0 && others is { HasLimits: false, Reference: null, AnyOf: null, AllOf.Count: 0 })
            return rules.AnyObject;
        var pairs = Pairs(node, others, name, depth);
        var names = (node.Properties ?? []).Select(property => property.Key).Union(node.Required).ToList();
        var other = others.IsNever ? null : OtherPair(names, others, name, depth, node.Path);
        return GbnfText.Sequence(rules.OpenObject, Members(pairs, other, name, node.Path), rules.CloseObject);
    }

    /// <summary>The schema of properties that are not listed.</summary>
    private JsonSchemaNode Others(JsonSchemaNode node) =>
        node.AdditionalProperties ?? new JsonSchemaNode { Path = node.Path, IsNever = node.Properties is not null && !openObjects };

    private List<Pair> Pairs(JsonSchemaNode node, JsonSchemaNode others, string name, int depth)
    {
        var pairs = new List<Pair>();
        var required = node.Required.ToHashSet(StringComparer.Ordinal);
        foreach (var (key, schema) in node.Properties ?? [])
        {
            var isRequired = required.Remove(key);
            if (emitter.IsNever(schema, depth + 1))
            {
                if (isRequired)
                    throw SchemaError.At(node.Path, $"it requires {JsonStringText.Quote(key)}, which nothing fits: take it out of required, or change what is allowed");
                continue;
            }
            pairs.Add(new Pair(KeyAndValue(GbnfText.Literal(JsonStringText.Quote(key)), schema, JsonSchemaEmitter.Name(name, key), depth), isRequired));
        }
        foreach (var key in node.Required.Where(required.Contains))
        {
            if (others.IsNever)
                throw SchemaError.At(node.Path, $"it requires {JsonStringText.Quote(key)}, which is not among its properties: add it there, or take it out of required");
            pairs.Add(new Pair(KeyAndValue(GbnfText.Literal(JsonStringText.Quote(key)), others, JsonSchemaEmitter.Name(name, key), depth), IsRequired: true));
        }
        return pairs;
    }

    private string OtherPair(List<string> names, JsonSchemaNode others, string name, int depth, string path)
    {
        var key = names.Count == 0 ? rules.String : OtherKeys.Expression(names, writer, path);
        return writer.Item(JsonSchemaEmitter.Name(name, "other"), KeyAndValue(key, others, JsonSchemaEmitter.Name(name, "other-value"), depth), path);
    }

    private string KeyAndValue(string key, JsonSchemaNode schema, string name, int depth) =>
        GbnfText.Sequence(key, rules.Colon, emitter.Item(schema, name, depth + 1));

    private string Members(List<Pair> pairs, string? other, string name, string path)
    {
        var optional = pairs.TakeWhile(pair => !pair.IsRequired).ToList();
        var afterOptional = pairs.Skip(optional.Count).ToList();
        var otherTail = other is null ? "" : $"({rules.Comma} {other})*";
        var tail = GbnfText.Sequence(afterOptional.Skip(1).Select(Following).Append(otherTail));

        // Something is always there from the first required property on, so that what follows it begins with a comma.
        var required = afterOptional.Count > 0 ? GbnfText.Sequence(afterOptional[0].Expression, tail) : "";
        if (optional.Count == 0 && required.Length > 0)
            return required;

        var beginnings = new List<string>();
        if (required.Length > 0)
            beginnings.Add(required);
        else if (other is not null)
            beginnings.Add(GbnfText.Sequence(other, otherTail));
        var rest = required.Length > 0 ? GbnfText.Sequence(rules.Comma, required) : otherTail;
        for (var i = optional.Count - 1; i >= 0; i--)
        {
            rest = rest.Length == 0 ? "" : writer.Item(JsonSchemaEmitter.Name(name, "rest"), rest, path);
            beginnings.Add(GbnfText.Sequence(optional[i].Expression, rest));
            rest = GbnfText.Sequence(Following(optional[i]), rest);
        }
        beginnings.Reverse();
        var members = GbnfText.Alternatives(beginnings);
        return beginnings.Count == 0 ? "" : required.Length > 0 ? $"({members})" : $"({members})?";
    }

    private string Following(Pair pair) => pair.IsRequired ? GbnfText.Sequence(rules.Comma, pair.Expression) : $"({rules.Comma} {pair.Expression})?";
}
