using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>One more name of a file; where it is symbolic, a name that stands for a path, whatever is there.</summary>
internal sealed record LinkBody([property: JsonRequired] string Path, [property: JsonRequired] string To, bool Symbolic = false);
