using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Text that is to be a file's content, or to be added to it.</summary>
internal sealed record ContentBody([property: JsonRequired] string Text);
