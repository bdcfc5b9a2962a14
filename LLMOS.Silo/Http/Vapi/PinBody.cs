using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A page of a region that is to stay in windows, or not.</summary>
internal sealed record PinBody([property: JsonRequired] string Path, [property: JsonRequired] int Page, [property: JsonRequired] bool Pinned);
