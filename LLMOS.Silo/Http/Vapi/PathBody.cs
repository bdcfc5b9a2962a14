using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A path.</summary>
internal sealed record PathBody([property: JsonRequired] string Path);
