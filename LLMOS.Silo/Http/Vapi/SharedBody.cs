using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Whether others than the owner may change a file.</summary>
internal sealed record SharedBody([property: JsonRequired] bool Shared);
