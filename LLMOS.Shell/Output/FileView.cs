using System.Collections.Immutable;
using System.Globalization;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Output;

/// <summary>Shows files, their versions and what was found in them.</summary>
internal static class FileView
{
    private const int TextLength = 90;

    public static void Show(ShellConsole console, ImmutableArray<FileNode> nodes)
    {
        var now = DateTimeOffset.Now;
        var table = new TextTable().Column("NAME").Column("SIZE", right: true).Column("VERSION", right: true).Column("OWNER").Column("MODIFIED");
        foreach (var node in nodes)
        {
            var isFile = node.Kind == NodeKind.File;
            table.Row(
                VfsPath.NameOf(node.Path) + node.Kind switch
                {
                    NodeKind.Directory => "/",
                    NodeKind.SymbolicLink => $" -> {node.Target}",
                    _ => node.Links > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({node.Links} names)") : "",
                },
                isFile ? Figures.Size(node.Length) : "",
                isFile ? Figures.Count(node.Version) : "",
                node.Owner + (node.IsShared ? " (shared)" : ""),
                node.ModifiedAt == default ? "" : Figures.Moment(node.ModifiedAt, now));
        }

        table.WriteTo(console);
    }

    public static void Show(ShellConsole console, ImmutableArray<FileVersion> versions)
    {
        var now = DateTimeOffset.Now;
        var table = new TextTable().Column("VERSION", right: true).Column("TIME").Column("SIZE", right: true).Column("AUTHOR").Column("CHANGE");
        foreach (var version in versions)
        {
            table.Row(Figures.Count(version.Version), Figures.Moment(version.At, now), Figures.Size(version.Length), version.Author, version.Change);
        }

        table.WriteTo(console);
    }

    public static void Show(ShellConsole console, ImmutableArray<FileMatch> matches, OutputFormat format)
    {
        if (format != OutputFormat.Table)
        {
            console.Out.WriteLine(Structured.Write(format, [.. matches.Select(match => new MatchRow(match.Path, match.Line, match.Text, match.Similarity, match.OtherPaths))], JsonRows.Readable.ListMatchRow));
            return;
        }

        var table = new TextTable().Column("NEAR", right: true).Column("PATH").Column("LINE", right: true).Column("TEXT");
        foreach (var match in matches)
        {
            table.Row(
                match.Similarity.ToString("0.00", CultureInfo.InvariantCulture),
                match.Path + (match.Kind == NodeKind.Directory ? "/" : match.OtherPaths.IsEmpty ? "" : $" (also {string.Join(", ", match.OtherPaths)})"),
                match.Line == 0 ? "" : Figures.Count(match.Line),
                match.Line == 0 ? "" : SafeText.FirstLine(match.Text.ReplaceLineEndings(" "), TextLength));
        }

        table.WriteTo(console);
    }
}
