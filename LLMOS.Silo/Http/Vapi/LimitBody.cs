using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A limit of a process or an account.</summary>
/// <param name="Limit">tokens, slice, hardCap, requests, rate, processes, context or gpu.</param>
/// <param name="Value">Its value; 0 for none.</param>
internal sealed record LimitBody([property: JsonRequired] string Limit, [property: JsonRequired] double Value);
