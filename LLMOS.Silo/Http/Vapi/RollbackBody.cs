using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A version of a file that is to come back; the one before the newest when left out.</summary>
internal sealed record RollbackBody([property: JsonRequired] string Path, long? Version = null);
