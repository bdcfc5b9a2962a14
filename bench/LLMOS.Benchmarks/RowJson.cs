using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LLMOS.Benchmarks;

/// <summary>Rows as JSON: a list of objects with suite, row, value, unit, peer, peerValue, ratio, goal and met.</summary>
internal static class RowJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // The file is read by people and by JSON parsers, not put into HTML.
    };

    /// <summary>Why a file cannot be written, known before anything is measured; null when it can.</summary>
    public static string? WhyNotWritable(string path)
    {
        try
        {
            var isNew = !File.Exists(path);
            File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            if (isNew)
                File.Delete(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"The rows cannot be written to '{path}' ({exception.Message.TrimEnd('.')}): name another file with --json.";
        }
    }

    public static async Task WriteAsync(string path, IEnumerable<Row> rows, CancellationToken cancellationToken)
    {
        var list = new JsonArray();
        foreach (var row in rows)
        {
            list.Add(new JsonObject
            {
                ["suite"] = row.Suite,
                ["row"] = row.Name,
                ["value"] = row.Value,
                ["unit"] = row.Unit,
                ["peer"] = row.Peer,
                ["peerValue"] = row.PeerValue,
                ["ratio"] = row.Ratio,
                ["goal"] = row.Goal?.ToString(),
                ["met"] = row.Met,
            });
        }

        await File.WriteAllTextAsync(path, list.ToJsonString(Indented) + "\n", cancellationToken);
    }
}
