using System.Text.Json;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Reads schemas out of a document and refuses what no grammar can hold, naming the place.</summary>
internal sealed class JsonSchemaReader(JsonElement document, int maxDepth)
{
    private readonly Dictionary<string, JsonSchemaNode> _references = new(StringComparer.Ordinal);

    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "$anchor", "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
    };

    /// <summary>Keywords of JSON Schema that stay outside, and what to do instead.</summary>
    private static readonly Dictionary<string, string> Refusals = new(StringComparer.Ordinal)
    {
        ["multipleOf"] = "a grammar cannot count in multiples: remove it, or list the values in enum",
        ["not"] = "a grammar says what may come and not what may not: list what is allowed",
        ["if"] = "a grammar cannot look back at a condition: use anyOf",
        ["then"] = "a grammar cannot look back at a condition: use anyOf",
        ["else"] = "a grammar cannot look back at a condition: use anyOf",
        ["contains"] = "a grammar cannot ask for an item anywhere: use prefixItems or items",
        ["minContains"] = "a grammar cannot count some of the items: use minItems",
        ["maxContains"] = "a grammar cannot count some of the items: use maxItems",
        ["patternProperties"] = "properties are known by their names alone: use properties and additionalProperties",
        ["propertyNames"] = "properties are known by their names alone: use properties and additionalProperties",
        ["minProperties"] = "properties are not counted: use required",
        ["maxProperties"] = "properties are not counted: use properties with additionalProperties false",
        ["dependentRequired"] = "properties cannot depend on each other: use anyOf",
        ["dependentSchemas"] = "properties cannot depend on each other: use anyOf",
        ["dependencies"] = "properties cannot depend on each other: use anyOf",
        ["unevaluatedProperties"] = "use additionalProperties",
        ["unevaluatedItems"] = "use items",
        ["additionalItems"] = "use prefixItems for the first items and items for the others",
        ["$dynamicRef"] = "use $ref",
        ["$recursiveRef"] = "use $ref",
        ["nullable"] = "add \"null\" to the list of its types",
    };

    public JsonSchemaNode ReadRoot() => Read(document, JsonPath.Root, depth: 1);

    /// <summary>What a local reference refers to.</summary>
    /// <param name="reference">Such as <c>#/$defs/node</c>.</param>
    /// <param name="path">Where it is referred to.</param>
    public JsonSchemaNode Resolve(string reference, string path)
    {
        if (_references.TryGetValue(reference, out var known))
            return known;
        if (!reference.StartsWith('#') || (reference.Length > 1 && reference[1] != '/'))
            throw SchemaError.At(path, $"$ref is '{reference}', but references must be local, such as #/$defs/name: copy what it refers to into $defs");
        var element = document;
        var place = JsonPath.Root;
        foreach (var part in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member))
                (element, place) = (member, JsonPath.Member(place, name));
            else if (element.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < element.GetArrayLength())
                (element, place) = (element[index], JsonPath.Item(place, index));
            else
                throw SchemaError.At(path, $"$ref is '{reference}', but there is no '{name}' at {place}: add it, or correct the reference");
        }
        return _references[reference] = Read(element, place, depth: 1);
    }

    private JsonSchemaNode Read(JsonElement schema, string path, int depth)
    {
        if (depth > maxDepth)
            throw SchemaError.At(path, $"schemas are nested deeper than {maxDepth}: move inner ones to $defs");
        if (schema.ValueKind == JsonValueKind.True)
            return new JsonSchemaNode { Path = path };
        if (schema.ValueKind == JsonValueKind.False)
            return new JsonSchemaNode { Path = path, IsNever = true };
        if (schema.ValueKind != JsonValueKind.Object)
            throw SchemaError.At(path, $"a schema is an object, true or false, and this is {Kind(schema)}");
        var node = new JsonSchemaNode { Path = path };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Annotations.Contains(keyword.Name))
                continue;
            if (!names.Add(keyword.Name))
                throw SchemaError.At(JsonPath.Member(path, keyword.Name), "the keyword is there twice: remove one");
            node = Apply(node, keyword.Name, keyword.Value, JsonPath.Member(path, keyword.Name), depth);
        }
        Check(node);
        return node;
    }

    private JsonSchemaNode Apply(JsonSchemaNode node, string keyword, JsonElement value, string path, int depth) => keyword switch
    {
        "type" => node with { Types = JsonSchemaValues.Types(value, path) },
        "$ref" => node with { Reference = JsonSchemaValues.Text(value, path) },
        "enum" => node with { Values = Once(node.Values, JsonSchemaValues.List(value, path, least: 1), path) },
        "const" => node with { Values = Once(node.Values, [value], path) },
        "anyOf" or "oneOf" => node with { AnyOf = Once(node.AnyOf, ReadList(value, path, depth), path) },
        "allOf" => node with { AllOf = ReadList(value, path, depth) },
        "properties" => node with { Properties = ReadProperties(value, path, depth) },
        "required" => node with { Required = [.. JsonSchemaValues.List(value, path, least: 0).Select((name, i) => JsonSchemaValues.Text(name, JsonPath.Item(path, i))).Distinct()] },
        "additionalProperties" => node with { AdditionalProperties = Read(value, path, depth + 1) },
        "items" when value.ValueKind == JsonValueKind.Array => throw SchemaError.At(path, "items is a list: call it prefixItems"),
        "items" => node with { Items = Read(value, path, depth + 1) },
        "prefixItems" => node with { PrefixItems = ReadList(value, path, depth) },
        "minItems" => node with { MinItems = JsonSchemaValues.Count(value, path) },
        "maxItems" => node with { MaxItems = JsonSchemaValues.Count(value, path) },
        "uniqueItems" when value.ValueKind == JsonValueKind.False => node,
        "uniqueItems" => throw SchemaError.At(path, "a grammar cannot tell whether an item came before: remove it"),
        "minLength" => node with { MinLength = JsonSchemaValues.Count(value, path) },
        "maxLength" => node with { MaxLength = JsonSchemaValues.Count(value, path) },
        "pattern" => node with { Pattern = JsonSchemaValues.Text(value, path) },
        "format" => node with { Format = JsonSchemaValues.Text(value, path) },
        "minimum" => node with { Minimum = JsonBound.Higher(node.Minimum, new JsonBound(JsonSchemaValues.Number(value, path), IsExclusive: false)) },
        "exclusiveMinimum" => node with { Minimum = JsonBound.Higher(node.Minimum, new JsonBound(JsonSchemaValues.Number(value, path), IsExclusive: true)) },
        "maximum" => node with { Maximum = JsonBound.Lower(node.Maximum, new JsonBound(JsonSchemaValues.Number(value, path), IsExclusive: false)) },
        "exclusiveMaximum" => node with { Maximum = JsonBound.Lower(node.Maximum, new JsonBound(JsonSchemaValues.Number(value, path), IsExclusive: true)) },
        _ when Refusals.TryGetValue(keyword, out var refusal) => throw SchemaError.At(path, refusal),
        _ => throw SchemaError.At(path, $"'{keyword}' is no keyword that a grammar can follow: remove it"),
    };

    private static T Once<T>(T? before, T now, string path)
        where T : class =>
        before is null ? now : throw SchemaError.At(path, "enum beside const, or anyOf beside oneOf, is not merged: keep one of the two");

    private IReadOnlyList<JsonSchemaNode> ReadList(JsonElement value, string path, int depth) =>
        [.. JsonSchemaValues.List(value, path, least: 1).Select((schema, i) => Read(schema, JsonPath.Item(path, i), depth + 1))];

    private List<KeyValuePair<string, JsonSchemaNode>> ReadProperties(JsonElement value, string path, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw SchemaError.At(path, $"properties is an object of schemas, and this is {Kind(value)}");
        var properties = new List<KeyValuePair<string, JsonSchemaNode>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (!names.Add(property.Name))
                throw SchemaError.At(JsonPath.Member(path, property.Name), "the property is there twice: remove one");
            properties.Add(new(property.Name, Read(property.Value, JsonPath.Member(path, property.Name), depth + 1)));
        }
        return properties;
    }

    private static void Check(JsonSchemaNode node)
    {
        if (node.MinItems > node.MaxItems)
            throw SchemaError.At(node.Path, $"minItems is {node.MinItems}, but maxItems is {node.MaxItems}: no array fits");
        if (node.MinLength > node.MaxLength)
            throw SchemaError.At(node.Path, $"minLength is {node.MinLength}, but maxLength is {node.MaxLength}: no string fits");
    }

    private static string Kind(JsonElement value) => JsonSchemaValues.Kind(value);
}
