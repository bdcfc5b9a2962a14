using System.Globalization;
using System.Text.Json;
using LLMOS.Cognition.Embeddings;

namespace LLMOS.Shell.Output;

/// <summary>Shows collections, and records that were found in one.</summary>
internal static class CollectionView
{
    private const int ShownText = 100;

    public static void Show(ShellConsole console, IEnumerable<CollectionInfo> collections, OutputFormat format)
    {
        var rows = collections.Select(collection => new CollectionRow(
            collection.Name,
            collection.Count,
            collection.Dimension,
            collection.Distance == EmbeddingDistance.Cosine ? "cosine" : "dot",
            collection.Embedder,
            collection.Owner,
            collection.IsShared,
            collection.Removals,
            collection.CreatedAt)).ToList();
        if (format != OutputFormat.Table)
        {
            console.Out.WriteLine(Structured.Write(format, rows, JsonRows.Readable.ListCollectionRow));
            return;
        }

        var table = new TextTable().Column("NAME").Column("RECORDS", right: true).Column("DIM", right: true).Column("DISTANCE").Column("EMBEDDER").Column("OWNER").Column("SHARED")
            .Column("REMOVALS", right: true);
        foreach (var row in rows)
        {
            table.Row(row.Name, Figures.Count(row.Records), Figures.Count(row.Dimension), row.Distance, row.Embedder, row.Owner, row.Shared ? "yes" : "", Figures.Count(row.Removals));
        }

        table.WriteTo(console);
    }

    public static void Show(ShellConsole console, IEnumerable<EmbeddingMatch> matches, OutputFormat format)
    {
        var rows = matches.Select(match => new RecordRow(match.Record.Key, match.Score, match.Record.Text, JsonElement.Parse(match.Record.Metadata))).ToList();
        if (format != OutputFormat.Table)
        {
            console.Out.WriteLine(Structured.Write(format, rows, JsonRows.Readable.ListRecordRow));
            return;
        }

        var table = new TextTable().Column("SCORE", right: true).Column("KEY").Column("TEXT");
        foreach (var row in rows)
        {
            var line = row.Text.ReplaceLineEndings(" ");
            table.Row(row.Score.ToString("0.000", CultureInfo.InvariantCulture), row.Key, line.Length <= ShownText ? line : line[..ShownText] + "…");
        }

        table.WriteTo(console);
    }
}
