using System.Text.Json.Nodes;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

/// <summary>Random instances of the schemas of <see cref="SchemaSource"/>, their properties in the order of the schema.</summary>
internal sealed class InstanceSource(Random random, JsonObject root)
{
    private const int DeepEnough = 5;

    private static readonly string[] Characters = ["a", "z", "0", " ", "\"", "\\", "/", "\n", "é", "🙂", "\u0001"];

    public JsonNode? Next() => Of(root, 0);

    private JsonNode? Of(JsonNode schema, int depth)
    {
        if (schema["$ref"] is not null)
            return Of(root["$defs"]!["tree"]!, depth + 1);
        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray alternatives)
            return Of(alternatives[depth >= DeepEnough ? 0 : random.Next(alternatives.Count)]!, depth + 1);
        if (schema["allOf"] is JsonArray parts)
            return new JsonObject(parts.SelectMany(part => Members(part!, depth)));
        if (schema["enum"] is JsonArray values)
            return values[random.Next(values.Count)]?.DeepClone();
        if (schema["pattern"] is { } pattern)
            return Among(SchemaSource.Patterns[pattern.GetValue<string>()]);
        if (schema["format"] is { } format)
            return Among(SchemaSource.Formats[format.GetValue<string>()]);
        return schema["type"] switch
        {
            JsonArray types => types[random.Next(types.Count)]!.GetValue<string>() == "null" ? null : random.Next(2) == 0,
            null => Anything(depth),
            var type => OfType(type.GetValue<string>(), schema, depth),
        };
    }

    private JsonNode? OfType(string type, JsonNode schema, int depth) => type switch
    {
        "object" => new JsonObject(Members(schema, depth)),
        "array" => new JsonArray([.. Items(schema, depth)]),
        "string" => Text(schema),
        "boolean" => random.Next(2) == 0,
        "null" => null,
        _ => Number(schema, type == "integer" ? 0 : random.Next(0, 4)),
    };

    private JsonNode? Anything(int depth) => random.Next(depth > DeepEnough ? 4 : 6) switch
    {
        0 => null,
        1 => true,
        2 => random.Next(-1000, 1000),
        3 => Text(new JsonObject()),
        4 => new JsonArray(Anything(depth + 1), Anything(depth + 1)),
        _ => new JsonObject { ["any"] = Anything(depth + 1) },
    };

    private IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode schema, int depth)
    {
        var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            if (required.Contains(name) || (depth < DeepEnough && random.Next(2) == 0))
                yield return new(name, Of(property!, depth + 1));
        }
        if (schema["additionalProperties"] is not { } others || others.GetValueKind() == System.Text.Json.JsonValueKind.False)
            yield break;
        for (var i = random.Next(0, 3); i > 0; i--)
            yield return new($"other{i}\"", others is JsonObject ? Of(others, depth + 1) : Anything(depth + 1));
    }

    private IEnumerable<JsonNode?> Items(JsonNode schema, int depth)
    {
        var prefix = schema["prefixItems"]?.AsArray() ?? [];
        var isClosed = schema["items"]!.GetValueKind() == System.Text.Json.JsonValueKind.False;
        var least = schema["minItems"]?.GetValue<int>() ?? 0;
        var most = Math.Min(schema["maxItems"]?.GetValue<int>() ?? least + 3, isClosed ? prefix.Count : int.MaxValue);
        var count = depth >= DeepEnough ? least : random.Next(least, most + 1);
        for (var i = 0; i < count; i++)
            yield return Of(i < prefix.Count ? prefix[i]! : schema["items"]!, depth + 1);
    }

    private JsonNode Text(JsonNode schema)
    {
        var least = schema["minLength"]?.GetValue<int>() ?? 0;
        var most = schema["maxLength"]?.GetValue<int>() ?? least + 5;
        return string.Concat(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => Characters[random.Next(Characters.Length)]));
    }

    private JsonNode Number(JsonNode schema, int scale)
    {
        decimal? Bound(string inclusive, string exclusive, decimal inward) => schema[inclusive]?.GetValue<decimal>() ?? schema[exclusive]?.GetValue<decimal>() + inward;
        var unit = new decimal(1, 0, 0, false, (byte)scale);
        var low = Bound("minimum", "exclusiveMinimum", 0.001m);
        var high = Bound("maximum", "exclusiveMaximum", -0.001m);
        var from = low ?? (high ?? 500) - 500;
        var to = high ?? from + 500;
        var number = decimal.Round(from + ((to - from) * (decimal)random.NextDouble()), scale);
        number = number < from ? number + unit : number > to ? number - unit : number;
        return random.Next(5) switch { 0 when low is not null => from, 1 when high is not null => to, _ => number == 0 ? 0m : number };
    }

    private JsonNode Among(string[] texts) => texts[random.Next(texts.Length)];
}
