using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LLMOS.Shell.Output;

/// <summary>The JSON of listings: camel case, indented, text as it is.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<ProcessRow>))]
[JsonSerializable(typeof(List<MessageRow>))]
[JsonSerializable(typeof(List<ModelRow>))]
[JsonSerializable(typeof(List<RunRow>))]
[JsonSerializable(typeof(List<EntryRow>))]
internal sealed partial class JsonRows : JsonSerializerContext
{
    /// <summary>Leaves letters of all scripts readable; what is unsafe in a terminal stays escaped.</summary>
    public static JsonRows Readable { get; } = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) });
}
