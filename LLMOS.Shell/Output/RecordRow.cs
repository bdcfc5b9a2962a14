using System.Text.Json;

namespace LLMOS.Shell.Output;

/// <summary>A record that was found, as listings have it.</summary>
internal sealed record RecordRow(string Key, double Score, string Text, JsonElement Metadata);
