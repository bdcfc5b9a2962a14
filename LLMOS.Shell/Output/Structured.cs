using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LLMOS.Shell.Output;

/// <summary>Writes listings for programs: JSON, or the same as YAML.</summary>
internal static class Structured
{
    /// <summary>Listings as text, without a line end.</summary>
    public static string Write<T>(OutputFormat format, T value, JsonTypeInfo<T> type) => Text(format, JsonSerializer.Serialize(value, type));

    /// <summary>JSON text in the format that was asked for.</summary>
    public static string Text(OutputFormat format, string json) => format == OutputFormat.Yaml ? YamlText.Of(json) : json;
}
