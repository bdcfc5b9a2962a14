using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace LLMOS.Shell.Tests;

/// <summary><c>index</c> and <c>collections</c>, on a folder with all kinds of files.</summary>
public sealed class IndexTests
{
    [Fact]
    public async Task A_folder_is_indexed_found_and_brought_up_to_date()
    {
        using var home = new TempFolder();
        var folder = Directory.CreateDirectory(home.File("Field Notes")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, ".git"));
        Directory.CreateDirectory(Path.Combine(folder, "deep", "er"));
        await WriteAsync("bread.md", "# Bread\n\nKnead the dough and bake it.\n\n# Soup\n\nBoil carrots and leek.");
        await WriteAsync("page.html", "<html><head><title>Stars</title><script>var hidden = 'quasar';</script></head><body><h2>Moons</h2><p>A <b>telescope</b> shows\n Jupiter&#39;s moons.</p></body></html>");
        await WriteAsync("deep/er/Program.cs", $"namespace A;\n\npublic class Parser\n{{\n    public int Tokenize() => 1;\n}}\n\n{string.Concat(Enumerable.Repeat("// filler line of a comment\n", 40))}\npublic class Emitter\n{{\n    public int Serialize() => 2;\n}}\n");
        await File.WriteAllBytesAsync(Path.Combine(folder, "paper.pdf"), Pdf("Nothing here.", "Lighthouses were lit by whale oil."), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "picture.bin"), [0x89, 0, 1, 0xFF], TestContext.Current.CancellationToken);
        await WriteAsync("broken.pdf", "%PDF-1.7 and no more");
        await WriteAsync(".git/config", "hidden quasar");
        var isUnix = !OperatingSystem.IsWindows();
        if (isUnix)
        {
            // A pipe that nobody writes into, and a folder whose name is no text, so that nothing in it can be named.
            await MakeAsync("mkfifo \"$1/pipe.txt\"; mkdir \"$1/$(printf 'odd\\377')\"");
        }

        using var first = await RunAsync("index", folder);
        if (isUnix)
        {
            // What tidies up cannot name it either.
            await MakeAsync("rmdir \"$1/$(printf 'odd\\377')\"");
        }

        Assert.Equal((0, ""), (first.ExitCode, first.ExitCode == 0 ? "" : first.Error));
        Assert.Matches($@"^fieldnotes: {(isUnix ? 5 : 4)} indexed \([0-9]+ pieces\), 0 unchanged, 0 removed, {(isUnix ? 3 : 2)} left out", first.Output);
        Assert.True(!isUnix || first.Error.Contains("odd\uFFFD cannot be read", StringComparison.Ordinal), first.Error);
        Assert.Contains("picture.bin is no UTF-8 text and no PDF, and is left out", first.Error, StringComparison.Ordinal);
        Assert.Matches("broken.pdf is no PDF that can be read .*, and is left out", first.Error);
        Assert.DoesNotContain("\r", first.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder, "bread.md"), "# Bread\n\nOnly rye now.", TestContext.Current.CancellationToken);
        var japanese = Directory.CreateDirectory(home.File("\u30C7\u30FC\u30BF")).FullName;
        using var shell = ShellProcess.Start(home.Path, "--data", home.File("data"));
        await shell.WriteAsync($"""
            collections search fieldnotes "telescope that shows moons" -n 1 -o json
            collections search fieldnotes lighthouse -n 1 -o json
            collections search fieldnotes "class that can serialize" -n 1 -o json
            collections search fieldnotes quasar -n 1 -o json
            collections search fieldnotes soup -o json --where "path={Path.Combine(folder, "bread.md")}"
            collections search nowhere soup
            collections create plain --dimension 3 --embedder none --distance dot --shared
            collections create "a b"
            index "{folder}" --into plain
            index /nowhere
            index "{japanese}"
            """ + "\n");
        shell.CloseInput();
        await shell.WaitAsync();
        var found = JsonArrays(shell.Output).ToList();
        Assert.EndsWith("page.html#1", found[0][0].GetProperty("key").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("## Moons", found[0][0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("whale oil", found[1][0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, found[1][0].GetProperty("metadata").GetProperty("line").GetInt32());
        Assert.StartsWith("public class Emitter", found[2][0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("quasar", found[3].ToString(), StringComparison.Ordinal);
        Assert.Equal("# Soup", found[4][0].GetProperty("text").GetString()!.Split('\n')[0]);
        Assert.All(found[4].EnumerateArray(), match => Assert.EndsWith("bread.md", match.GetProperty("metadata").GetProperty("path").GetString(), StringComparison.Ordinal));
        Assert.Contains("There is no collection 'nowhere'", shell.Error, StringComparison.Ordinal);
        Assert.Contains("'a b' is no name of a collection", shell.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing embeds texts for the collection 'plain'", shell.Error, StringComparison.Ordinal);
        Assert.Contains("There is no folder '/nowhere'", shell.Error, StringComparison.Ordinal);
        Assert.Contains("give it a name of letters and digits with --into", shell.Error, StringComparison.Ordinal);

        File.Delete(Path.Combine(folder, "page.html"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "paper.pdf"), [0, 1, 2], TestContext.Current.CancellationToken);
        using var again = await RunAsync("index", folder);
        Assert.Equal($"fieldnotes: {(isUnix ? 2 : 1)} indexed (1 pieces), 1 unchanged, 1 removed, 3 left out", again.Output.Trim());
        using var list = await RunAsync("collections", "list", "-o", "json");
        var rows = JsonDocument.Parse(list.Output).RootElement;
        Assert.Equal(["fieldnotes", "plain"], rows.EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(("none", "dot", true, 0), (rows[1].GetProperty("embedder").GetString(), rows[1].GetProperty("distance").GetString(), rows[1].GetProperty("shared").GetBoolean(), rows[1].GetProperty("records").GetInt32()));
        Assert.Contains("Jupiter's moons", found[0][0].GetProperty("text").GetString(), StringComparison.Ordinal);
        using var gone = await RunAsync("collections", "search", "fieldnotes", "telescope soup", "-o", "json");
        Assert.DoesNotContain("telescope", gone.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("# Soup", gone.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("paper.pdf", gone.Output, StringComparison.Ordinal);

        async Task MakeAsync(string script)
        {
            using var made = Process.Start("/bin/sh", ["-c", script, "sh", folder]);
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, made.ExitCode);
        }

        Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);

        Task<ShellProcess> RunAsync(params string[] words) => ShellProcess.RunAsync(home.Path, [.. words, "--data", home.File("data")]);
    }

    [Fact]
    public async Task An_index_that_was_killed_goes_on_where_it_was()
    {
        using var home = new TempFolder();
        var folder = Directory.CreateDirectory(home.File("many")).FullName;
        const int Files = 200;
        for (var i = 0; i < Files; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:000}.txt")), $"This is file number {i}.", TestContext.Current.CancellationToken);
        }

        using (var shell = ShellProcess.Start(home.Path, "index", folder, "--data", home.File("data")))
        {
            // The store grows as files go in.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            var log = new FileInfo(home.File("data/llmos.db-wal"));
            while (!log.Exists || log.Length < 1_300_000)
            {
                await pause.WaitForNextTickAsync(limit.Token);
                log.Refresh();
            }

            shell.Signal(9);
            await shell.WaitAsync();
        }

        using var again = await ShellProcess.RunAsync(home.Path, "index", folder, "--data", home.File("data"));
        var counts = again.Output.Split(' ');
        TestContext.Current.TestOutputHelper?.WriteLine(again.Output);
        Assert.Equal(Files, int.Parse(counts[1], CultureInfo.InvariantCulture) + int.Parse(counts[5], CultureInfo.InvariantCulture));
        using var list = await ShellProcess.RunAsync(home.Path, "collections", "list", "-o", "json", "--data", home.File("data"));
        Assert.Equal(Files, JsonDocument.Parse(list.Output).RootElement[0].GetProperty("records").GetInt32());
    }

    private static IEnumerable<JsonElement> JsonArrays(string output)
    {
        // Each listing begins and ends at the beginning of a line.
        var text = new System.Text.StringBuilder();
        foreach (var line in output.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line is "[" or "[]" || text.Length > 0)
            {
                text.AppendLine(line);
            }

            if (line is "]" or "[]")
            {
                yield return JsonDocument.Parse(text.ToString()).RootElement;
                text.Clear();
            }
        }
    }

    private static byte[] Pdf(params string[] pages)
    {
        using var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach (var text in pages)
        {
            builder.AddPage(PageSize.A4).AddText(text, 12, new PdfPoint(25, 700), font);
        }

        return builder.Build();
    }
}
