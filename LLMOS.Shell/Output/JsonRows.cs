using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using LLMOS.Client.Control;
using LLMOS.Shell.Top;

namespace LLMOS.Shell.Output;

/// <summary>The JSON of listings: camel case, indented, text as it is.</summary>
[JsonSerializable(typeof(List<ProcessRow>))]
[JsonSerializable(typeof(List<MessageRow>))]
[JsonSerializable(typeof(List<DeadLetterRow>))]
[JsonSerializable(typeof(List<GroupRow>))]
[JsonSerializable(typeof(List<ModelRow>))]
[JsonSerializable(typeof(List<RunRow>))]
[JsonSerializable(typeof(List<EntryRow>))]
[JsonSerializable(typeof(List<AuditRow>))]
[JsonSerializable(typeof(List<FileRow>))]
[JsonSerializable(typeof(List<VersionRow>))]
[JsonSerializable(typeof(List<MatchRow>))]
[JsonSerializable(typeof(List<KeyRow>))]
[JsonSerializable(typeof(List<MemoryRow>))]
[JsonSerializable(typeof(List<PageRow>))]
[JsonSerializable(typeof(List<CollectionRow>))]
[JsonSerializable(typeof(List<RecordRow>))]
[JsonSerializable(typeof(TopSample))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(List<SettingRow>))]
[JsonSerializable(typeof(List<LogRow>))]
internal sealed partial class JsonRows : JsonSerializerContext
{
    private static readonly Lazy<JsonRows> LazyReadable = new(() => new JsonRows(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    }));

    /// <summary>Leaves letters of all scripts readable; what a terminal would obey stays escaped.</summary>
    public static JsonRows Readable => LazyReadable.Value;
}
