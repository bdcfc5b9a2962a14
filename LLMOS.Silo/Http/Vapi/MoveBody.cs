using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Where a file goes.</summary>
internal sealed record MoveBody([property: JsonRequired] string Path, [property: JsonRequired] string To);
