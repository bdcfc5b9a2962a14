using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A message to many.</summary>
/// <param name="Text">What it says.</param>
/// <param name="From">The sender; the console's mailbox when left out.</param>
internal sealed record BroadcastBody([property: JsonRequired] string Text, long? From = null);
