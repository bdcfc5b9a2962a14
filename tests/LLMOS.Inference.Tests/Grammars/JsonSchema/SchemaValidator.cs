using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

/// <summary>Says whether a value is an instance of a schema, as JSON Schema defines it, for the keywords that grammars are made of.</summary>
internal static class SchemaValidator
{
    public static bool IsValid(string schema, string instance)
    {
        using var document = JsonDocument.Parse(schema);
        using var value = JsonDocument.Parse(instance);
        return IsValid(document.RootElement, document.RootElement, value.RootElement);
    }

    private static bool IsValid(JsonElement root, JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return schema.ValueKind == JsonValueKind.True;
        return schema.EnumerateObject().All(keyword => keyword.Name switch
        {
            "type" => keyword.Value.ValueKind == JsonValueKind.Array
                ? keyword.Value.EnumerateArray().Any(type => IsType(type.GetString()!, value))
                : IsType(keyword.Value.GetString()!, value),
            "$ref" => IsValid(root, keyword.Value.GetString()!.Split('/').Skip(1).Aggregate(root, (place, part) => place.GetProperty(part)), value),
            "anyOf" or "oneOf" => keyword.Value.EnumerateArray().Any(part => IsValid(root, part, value)),
            "allOf" => keyword.Value.EnumerateArray().All(part => IsValid(root, part, value)),
            "enum" => keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
            "const" => JsonElement.DeepEquals(keyword.Value, value),
            _ => value.ValueKind switch
            {
                JsonValueKind.Object => Object(root, schema, keyword, value),
                JsonValueKind.Array => Array(root, schema, keyword, value),
                JsonValueKind.String => Text(keyword, value.GetString()!),
                JsonValueKind.Number => Number(keyword, value.GetDecimal()),
                _ => true,
            },
        });
    }

    private static bool IsType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.IsInteger(value.GetDecimal()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentException($"There is no type {type}."),
    };

    private static bool Object(JsonElement root, JsonElement schema, JsonProperty keyword, JsonElement value) => keyword.Name switch
    {
        "required" => keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "properties" => keyword.Value.EnumerateObject().All(property => !value.TryGetProperty(property.Name, out var member) || IsValid(root, property.Value, member)),
        "additionalProperties" => value.EnumerateObject().All(member =>
            (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out _)) || IsValid(root, keyword.Value, member.Value)),
        _ => true,
    };

    private static bool Array(JsonElement root, JsonElement schema, JsonProperty keyword, JsonElement value) => keyword.Name switch
    {
        "minItems" => value.GetArrayLength() >= keyword.Value.GetInt32(),
        "maxItems" => value.GetArrayLength() <= keyword.Value.GetInt32(),
        "prefixItems" => keyword.Value.EnumerateArray().Zip(value.EnumerateArray()).All(pair => IsValid(root, pair.First, pair.Second)),
        "items" => value.EnumerateArray().Skip(schema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0).All(item => IsValid(root, keyword.Value, item)),
        _ => true,
    };

    private static bool Text(JsonProperty keyword, string text) => keyword.Name switch
    {
        "minLength" => text.EnumerateRunes().Count() >= keyword.Value.GetInt32(),
        "maxLength" => text.EnumerateRunes().Count() <= keyword.Value.GetInt32(),
        "pattern" => Pattern(keyword.Value.GetString()!).IsMatch(text),
        "format" => Format(keyword.Value.GetString()!, text),
        _ => true,
    };

    /// <summary>As ECMA-262 means it: .NET counts UTF-16 units, lets <c>$</c> stand before a last line break and knows more digits.</summary>
    private static Regex Pattern(string pattern) => new(
        pattern
            .Replace("$", "(?!\\n)$", StringComparison.Ordinal)
            .Replace("\\d", "[0-9]", StringComparison.Ordinal)
            .Replace("\\w", "[0-9A-Za-z_]", StringComparison.Ordinal)
            .Replace("[^\"x]", "(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\"x])", StringComparison.Ordinal),
        RegexOptions.CultureInvariant);

    private static bool Format(string format, string text) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "time" => Regex.IsMatch(text, @"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)\z"),
        "date-time" => text.Length > 10 && text[10] == 'T' && Format("date", text[..10]) && Format("time", text[11..]),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        _ => throw new ArgumentException($"There is no format {format}."),
    };

    private static bool Number(JsonProperty keyword, decimal number) => keyword.Name switch
    {
        "minimum" => number >= keyword.Value.GetDecimal(),
        "exclusiveMinimum" => number > keyword.Value.GetDecimal(),
        "maximum" => number <= keyword.Value.GetDecimal(),
        "exclusiveMaximum" => number < keyword.Value.GetDecimal(),
        _ => true,
    };
}
