using System.Text.Json;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Reads the values of keywords, or refuses them with their place.</summary>
internal static class JsonSchemaValues
{
    /// <summary>Characters or items that a schema may count.</summary>
    public const int MostCounted = 10_000;

    public static JsonSchemaTypes Types(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
            return Type(value, path);
        var types = JsonSchemaTypes.None;
        var i = 0;
        foreach (var type in List(value, path, least: 1))
            types |= Type(type, JsonPath.Item(path, i++));
        return types;
    }

    public static string Text(JsonElement value, string path) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw SchemaError.At(path, $"it must be a string, and this is {Kind(value)}");

    public static IReadOnlyList<JsonElement> List(JsonElement value, string path, int least)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw SchemaError.At(path, $"it must be a list, and this is {Kind(value)}");
        return value.GetArrayLength() >= least ? [.. value.EnumerateArray()] : throw SchemaError.At(path, "the list is empty, so that nothing fits: add to it, or remove it");
    }

    public static int Count(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Number || ExactDecimal.Parse(value.GetRawText()) is not { IsInteger: true } number || number.Unscaled.Sign < 0)
            throw SchemaError.At(path, $"it must be a whole number of 0 or more, and this is {Kind(value)}");
        return number.Floor <= MostCounted
            ? (int)number.Floor
            : throw SchemaError.At(path, $"it is {number.Floor}, but a grammar counts to {MostCounted} at most: make it smaller, or remove it");
    }

    public static ExactDecimal Number(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Number)
            throw SchemaError.At(path, $"it must be a number, and this is {Kind(value)}");
        return ExactDecimal.Parse(value.GetRawText())
            ?? throw SchemaError.At(path, $"{Kind(value)} has more than {ExactDecimal.MostDigits} digits before or after its point: give one with fewer, or remove it");
    }

    /// <summary>A value in a sentence.</summary>
    public static string Kind(JsonElement value)
    {
        const int Longest = 60;
        var text = value.ValueKind is JsonValueKind.Object ? "an object" : value.ValueKind is JsonValueKind.Array ? "a list" : value.GetRawText();
        return text.Length > Longest ? string.Concat(text.AsSpan(0, Longest), "…") : text;
    }

    private static JsonSchemaTypes Type(JsonElement value, string path) => Text(value, path) switch
    {
        "object" => JsonSchemaTypes.Object,
        "array" => JsonSchemaTypes.Array,
        "string" => JsonSchemaTypes.String,
        "number" => JsonSchemaTypes.Number,
        "integer" => JsonSchemaTypes.Integer,
        "boolean" => JsonSchemaTypes.Boolean,
        "null" => JsonSchemaTypes.Null,
        var other => throw SchemaError.At(path, $"there is no type '{other}': use object, array, string, number, integer, boolean or null"),
    };
}
