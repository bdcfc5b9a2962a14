using System.Text.Json.Serialization;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>The JSON of a filter's values.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class FilterJson : JsonSerializerContext;
