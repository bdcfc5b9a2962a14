using System.Diagnostics;

namespace LLMOS.Client.Tests;

/// <summary>Runs tests that are written for Node, with the packages that their lock file names.</summary>
internal static class NodeClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "OpenAi", "node");

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Runs a file of tests; fails with what they say.</summary>
    public static async Task RunAsync(string file, Uri silo)
    {
        await Installed.Value;
        await StartAsync("node", ["--test", "--test-reporter=tap", Path.Combine(Folder, file)], silo);
    }

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "openai")))
        {
            await StartAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], null);
        }
    }

    private static async Task StartAsync(string program, string[] arguments, Uri? silo)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (silo is not null)
        {
            start.Environment["LLMOS_ADDRESS"] = silo.ToString();
        }

        using var limit = new CancellationTokenSource(Limit);
        using var process = Start(start);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"{start.FileName} is not there, which this test drives: install nodejs and npm.", missing);
        }
    }
}
