using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Another model.</summary>
internal sealed record ModelBody([property: JsonRequired] string Model);
