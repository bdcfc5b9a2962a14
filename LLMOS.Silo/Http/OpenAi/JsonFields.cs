using System.Globalization;
using System.Text.Json;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>The fields of a JSON object, read with their types; null counts as not said, as OpenAI's servers have it.</summary>
internal readonly struct JsonFields
{
    private readonly JsonElement _object;
    private readonly string _path;

    public JsonFields(JsonElement json, string path)
    {
        _object = json.ValueKind == JsonValueKind.Object
            ? json
            : throw OpenAiException.Wrong(path, path.Length == 0 ? "The body is no JSON object." : $"'{path}' is {Kind(json)}: it must be an object.");
        _path = path;
    }

    public JsonElement Json => _object;

    /// <summary>How a field is named in errors.</summary>
    public string NameOf(string field) => _path.Length == 0 ? field : $"{_path}.{field}";

    /// <exception cref="OpenAiException">There is a field that is in neither set.</exception>
    public void RefuseOthers(IReadOnlySet<string> known, IReadOnlySet<string> passedOver)
    {
        foreach (var field in _object.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null && !known.Contains(field.Name) && !passedOver.Contains(field.Name))
            {
                var name = NameOf(field.Name.Length <= 60 ? field.Name : field.Name[..60] + "…");
                throw OpenAiException.NotSupported(name, "the documentation lists what is");
            }
        }
    }

    public JsonElement? Get(string name) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(name, value, "a string");

    public string NeededText(string name) => Text(name) is { Length: > 0 } text ? text
        : throw new OpenAiException(StatusCodes.Status400BadRequest, $"'{NameOf(name)}' is missing.", NameOf(name), "missing_required_parameter");

    public bool? Flag(string name) => Get(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, value, "true or false");

    public double? Number(string name, double least, double most) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number
        : throw Wrong(name, value, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    public int? Count(string name, int least, int most) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most ? number
        : throw Wrong(name, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    public long? Whole(string name) => Get(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : throw Wrong(name, value, "a whole number");

    public JsonFields? Object(string name) => Get(name) is { } value ? new JsonFields(value, NameOf(name)) : null;

    public JsonFields NeededObject(string name) => Object(name)
        ?? throw new OpenAiException(StatusCodes.Status400BadRequest, $"'{NameOf(name)}' is missing.", NameOf(name), "missing_required_parameter");

    /// <summary>The items of a list, each with its path.</summary>
    public IEnumerable<(JsonElement Item, string Path)>? List(string name)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, value, "a list");
        }

        var path = NameOf(name);
        return value.EnumerateArray().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")));
    }

    public OpenAiException Wrong(string name, JsonElement value, string wanted) =>
        OpenAiException.Wrong(NameOf(name), $"'{NameOf(name)}' is {Kind(value)}: it must be {wanted}.");

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => value.GetString() is { Length: <= 40 } text ? $"'{text}'" : "a text",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
