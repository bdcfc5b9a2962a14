using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A priority.</summary>
/// <param name="Priority">0 (highest) to 19, as text or as a class name.</param>
internal sealed record PriorityBody([property: JsonRequired] string Priority);
