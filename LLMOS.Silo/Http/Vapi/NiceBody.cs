using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A change of a priority.</summary>
/// <param name="Delta">What is added: more is less urgent.</param>
internal sealed record NiceBody([property: JsonRequired] int Delta);
