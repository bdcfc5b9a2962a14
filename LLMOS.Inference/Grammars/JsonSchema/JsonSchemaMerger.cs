using System.Text.Json;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Makes one schema of two that both have to fit; neither has references or allOf.</summary>
internal static class JsonSchemaMerger
{
    /// <summary>What fits both.</summary>
    /// <exception cref="LlamaException">Nothing does, or it cannot be said in one schema.</exception>
    public static JsonSchemaNode Merge(JsonSchemaNode a, JsonSchemaNode b)
    {
        var path = a.Path;
        if (a.IsNever || b.IsNever)
            return new JsonSchemaNode { Path = path, IsNever = true };
        var merged = new JsonSchemaNode
        {
            Path = path,
            Types = Types(a, b),
            AnyOf = One(a.AnyOf, b.AnyOf, path, "anyOf"),
            Values = Values(a, b),
            Properties = Properties(a, b),
            Required = [.. a.Required.Union(b.Required)],
            AdditionalProperties = Both(a.AdditionalProperties, b.AdditionalProperties),
            Items = Both(a.Items, b.Items),
            PrefixItems = One(a.PrefixItems, b.PrefixItems, path, "prefixItems"),
            MinItems = Larger(a.MinItems, b.MinItems),
            MaxItems = Smaller(a.MaxItems, b.MaxItems),
            MinLength = Larger(a.MinLength, b.MinLength),
            MaxLength = Smaller(a.MaxLength, b.MaxLength),
            Pattern = Same(a.Pattern, b.Pattern, path, "pattern"),
            Format = Same(a.Format, b.Format, path, "format"),
            Minimum = JsonBound.Higher(a.Minimum, b.Minimum),
            Maximum = JsonBound.Lower(a.Maximum, b.Maximum),
        };
        // The items after a prefix that one of them has are limited by the other from the first on.
        if (merged.PrefixItems is { } prefix && (a.PrefixItems is null ? a.Items : b.Items) is { } others)
            merged = merged with { PrefixItems = [.. prefix.Select(item => Both(item, others)!)] };
        if (merged.MinItems > merged.MaxItems || merged.MinLength > merged.MaxLength)
            throw SchemaError.At(path, "the parts that must all fit leave no length: widen one of them");
        return merged;
    }

    /// <summary>A schema that says that both have to fit; it is merged when it is come to, since they may be recursive.</summary>
    public static JsonSchemaNode? Both(JsonSchemaNode? a, JsonSchemaNode? b) =>
        a is null || b is null ? a ?? b : new JsonSchemaNode { Path = a.Path, AllOf = [a, b] };

    private static JsonSchemaTypes? Types(JsonSchemaNode a, JsonSchemaNode b)
    {
        if (a.Types is null || b.Types is null)
            return a.Types ?? b.Types;
        var both = WithIntegers(a.Types.Value) & WithIntegers(b.Types.Value);
        return both != JsonSchemaTypes.None ? both : throw SchemaError.At(a.Path, $"the parts that must all fit have no type in common: correct the types here and at {b.Path}");
    }

    private static JsonSchemaTypes WithIntegers(JsonSchemaTypes types) => types.HasFlag(JsonSchemaTypes.Number) ? types | JsonSchemaTypes.Integer : types;

    private static List<KeyValuePair<string, JsonSchemaNode>>? Properties(JsonSchemaNode a, JsonSchemaNode b)
    {
        if (a.Properties is null && b.Properties is null)
            return null;
        var result = new List<KeyValuePair<string, JsonSchemaNode>>();
        foreach (var (name, schema) in a.Properties ?? [])
            result.Add(new(name, Both(schema, Of(b, name))!));
        foreach (var (name, schema) in b.Properties ?? [])
        {
            if (a.Properties?.Any(property => property.Key == name) != true)
                result.Add(new(name, Both(schema, a.AdditionalProperties)!));
        }
        return result;
    }

    /// <summary>What a schema says about a property; null for nothing.</summary>
    private static JsonSchemaNode? Of(JsonSchemaNode node, string name)
    {
        foreach (var (known, schema) in node.Properties ?? [])
        {
            if (known == name)
                return schema;
        }
        return node.AdditionalProperties;
    }

    private static IReadOnlyList<JsonElement>? Values(JsonSchemaNode a, JsonSchemaNode b)
    {
        if (a.Values is null || b.Values is null)
            return a.Values ?? b.Values;
        var both = a.Values.Where(value => b.Values.Any(other => JsonElement.DeepEquals(value, other))).ToList();
        return both.Count > 0 ? both : throw SchemaError.At(a.Path, $"the parts that must all fit have no value in common: correct enum or const here and at {b.Path}");
    }

    private static IReadOnlyList<JsonSchemaNode>? One(IReadOnlyList<JsonSchemaNode>? a, IReadOnlyList<JsonSchemaNode>? b, string path, string keyword) =>
        a is null || b is null ? a ?? b : throw SchemaError.At(path, $"several of the parts that must all fit have {keyword}, which is not merged: write it once");

    private static string? Same(string? a, string? b, string path, string keyword) =>
        a is null || b is null || a == b ? a ?? b : throw SchemaError.At(path, $"the parts that must all fit have two of {keyword}, '{a}' and '{b}', which is not merged: keep one");

    private static int? Larger(int? a, int? b) => a is null || b is null ? a ?? b : Math.Max(a.Value, b.Value);

    private static int? Smaller(int? a, int? b) => a is null || b is null ? a ?? b : Math.Min(a.Value, b.Value);
}
