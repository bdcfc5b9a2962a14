using System.Diagnostics;
using System.Text;

namespace LLMOS.Tests.Documents;

/// <summary>
/// What the README and the guides tell to do is done: their shell commands run as they stand but for the ports, one document after the other, and their programs are those of the samples.
/// </summary>
public sealed class DocumentTests
{
    private const string Run = "sh";

    /// <summary>What the script of CI runs itself, in a clone.</summary>
    private const string RunByCi = "sh ci";

    /// <summary>What needs something that no test has.</summary>
    private const string NotRun = "sh no-run";

    private const int MostNotRun = 2;

    private static readonly string[] Documents = ["README.md", "docs/embedding-client.md", "docs/agents.md", "docs/operating.md", "docs/telemetry.md"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Theory]
    [InlineData("docs/embedding-client.md", "EmbeddedClient")]
    [InlineData("docs/agents.md", "WordCounter")]
    public void The_program_of_a_guide_is_that_of_its_sample(string document, string sample)
    {
        var shown = Assert.Single(FencedBlock.Read(document), block => block.Info == "cs");
        Assert.Equal(File.ReadAllText(Repository.File("samples", sample, "Program.cs")).TrimEnd().ReplaceLineEndings("\n"), shown.Text);
    }

    [Fact]
    public void All_shell_blocks_run_but_for_a_few()
    {
        var blocks = Documents.SelectMany(FencedBlock.Read).Where(block => block.Info.StartsWith(Run, StringComparison.Ordinal)).ToList();
        Assert.All(blocks, block => Assert.Contains(block.Info, (string[])[Run, RunByCi, NotRun]));
        Assert.InRange(blocks.Count(block => block.Info == NotRun), 0, MostNotRun);
        var script = File.ReadAllText(Repository.File(".ci", "run"));
        foreach (var command in blocks.Where(block => block.Info == RunByCi).SelectMany(block => block.Text.Split('\n')))
        {
            // The script looks for the lines by how they begin.
            Assert.Contains(string.Join(' ', command.Split(' ').Take(4)).Replace(".", "\\.", StringComparison.Ordinal), script, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_commands_of_the_readme_and_the_guides_do_what_they_say()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands of the documents are those of a Unix shell.");
        Assert.True(File.Exists("/usr/bin/curl"), "The guides use curl, which is not there: install Debian's package curl.");
        using var folder = new TemporaryFolder();
        var (silo, gateway, http) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        var script = new StringBuilder("set -euo pipefail\n");
        foreach (var block in Documents.SelectMany(FencedBlock.Read).Where(block => block.Info == Run))
        {
            script.Append("echo '== ").Append(block.Document).Append(':').Append(block.Line).Append("'\n").Append(block.Text).Append('\n');
        }

        var path = folder.File("documents.sh");
        await File.WriteAllTextAsync(
            path,
            script.ToString().Replace("127.0.0.1:5080", $"127.0.0.1:{http}", StringComparison.Ordinal).Replace("127.0.0.1:30000", $"127.0.0.1:{gateway}", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("bash", [path]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("LLMOS_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        var host = Environment.ProcessPath is { } running && Path.GetFileNameWithoutExtension(running) == "dotnet" ? running : FindDotnet(start.Environment["PATH"]!);
        start.Environment["PATH"] = $"{Path.Combine(AppContext.BaseDirectory, "Documents", "shims")}{Path.PathSeparator}{start.Environment["PATH"]}";
        start.Environment["HOME"] = folder.Path;
        start.Environment["DOC_DOTNET"] = host;
        start.Environment["DOC_PROGRAMS"] = ChildProcess.Programs;
        start.Environment["DOC_ROOT"] = Repository.Root;

        // The samples lie where their own builds are, in the tests' configuration: bin/Release/net10.0.
        start.Environment["DOC_BUILD"] = Path.Combine(AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)[^3..]);
        (start.Environment["DOC_SILO"], start.Environment["DOC_GATEWAY"], start.Environment["DOC_HTTP"]) = ($"{silo}", $"{gateway}", $"{http}");
        start.Environment["LLMOS_MODEL"] = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
        start.Environment["LLMOS_THREADS"] = "1";
        using var bash = Process.Start(start)!;
        bash.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (output, errors) = (bash.StandardOutput.ReadToEndAsync(limit.Token), bash.StandardError.ReadToEndAsync(limit.Token));
            await bash.WaitForExitAsync(limit.Token);
            Assert.True(bash.ExitCode == 0, $"A command ended with {bash.ExitCode}.\n{await output}\n{await errors}");
            Check(await output);
        }
        finally
        {
            if (!bash.HasExited)
            {
                bash.Kill(entireProcessTree: true);
            }

            await EndSiloAsync(folder.File("silo.pid"));
        }
    }

    /// <summary>The commands showed what the documents say that they show.</summary>
    private static void Check(string output)
    {
        Assert.Contains("random-tiny", output, StringComparison.Ordinal);
        Assert.Contains("5 words", output, StringComparison.Ordinal);
        Assert.Contains("llmos_processes{", output, StringComparison.Ordinal);
        Assert.Contains("reviewer", output, StringComparison.Ordinal);
        Assert.Contains("200000", output, StringComparison.Ordinal);
    }

    private static async Task EndSiloAsync(string pidFile)
    {
        if (!File.Exists(pidFile))
        {
            return;
        }

        try
        {
            using var silo = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pidFile, CancellationToken.None), System.Globalization.CultureInfo.InvariantCulture));
            silo.Kill();
            await silo.WaitForExitAsync(CancellationToken.None);
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }

    private static string FindDotnet(string path) =>
        path.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "dotnet")).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("There is no dotnet on the PATH.");
}
