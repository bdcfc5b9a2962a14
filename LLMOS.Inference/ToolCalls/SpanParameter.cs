using System.Text.Json;

namespace LLMOS.Inference;

/// <summary>A parameter of a function as <see cref="SpanCallGrammar"/> reads its JSON schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>number</c> or <c>boolean</c>.</param>
/// <param name="Choices">The texts of its <c>enum</c>; none where any text will do.</param>
/// <param name="IsRequired">Whether each call has it.</param>
internal sealed record SpanParameter(string Name, string Type, IReadOnlyList<string> Choices, bool IsRequired)
{
    /// <summary>The parameters that a request can give, in the schema's order.</summary>
    /// <exception cref="LlamaException">The schema is no JSON object.</exception>
    public static SpanParameter[] Of(ChatTool tool, bool hasIntegers, bool hasNumbers)
    {
        using var schema = Parse(tool);
        if (!schema.RootElement.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
            return [];
        var required = schema.RootElement.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array ? Texts(names).ToHashSet(StringComparer.Ordinal) : [];
        return
        [
            .. properties.EnumerateObject()
                .Select(property => new SpanParameter(property.Name, TypeOf(property.Value), ChoicesOf(property.Value), required.Contains(property.Name)))
                .Where(parameter => parameter.Type switch { "string" or "boolean" => true, "integer" => hasIntegers, "number" => hasNumbers, _ => false }),
        ];
    }

    private static JsonDocument Parse(ChatTool tool)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(tool.Parameters);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException exception)
        {
            throw new LlamaException(LlamaError.InvalidRequest, $"The parameters of the tool '{tool.Name}' are no JSON schema: {exception.Message.TrimEnd('.')}.", exception);
        }

        throw new LlamaException(LlamaError.InvalidRequest, $"The parameters of the tool '{tool.Name}' are no JSON schema of an object: give one.");
    }

    /// <summary>The type, or the first that is not <c>null</c>; a schema without one is of texts if it lists texts.</summary>
    private static string TypeOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return "";
        if (!schema.TryGetProperty("type", out var type))
            return ChoicesOf(schema).Length > 0 ? "string" : "";
        return type.ValueKind switch
        {
            JsonValueKind.String => type.GetString()!,
            JsonValueKind.Array => Texts(type).FirstOrDefault(text => text != "null") ?? "",
            _ => "",
        };
    }

    private static string[] ChoicesOf(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array ? [.. Texts(values)] : [];

    private static IEnumerable<string> Texts(JsonElement array) => array.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!);
}
