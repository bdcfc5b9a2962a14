using System.Diagnostics;
using System.Text;

namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>The built shell, run as a child process.</summary>
internal static class ShellProgram
{
    /// <summary>How the shell begins the line of the last stage of boot.</summary>
    private const string LastStage = "[4/4]";

    /// <summary>The shell's assembly, which the build copies beside this program.</summary>
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "llmos.dll");

    /// <summary>Boots on a data folder, and leaves once the system is up.</summary>
    public static async Task<ShellRun> BootAsync(string data, CancellationToken cancellationToken)
    {
        var run = await RunAsync(["boot", "--check", "--data", data], LastStage, cancellationToken);
        return run.Ready < run.End
            ? run
            : throw new BenchmarkException($"'llmos boot --check' ended without a line that begins with '{LastStage}': the time of its boot cannot be told.");
    }

    /// <summary>Starts and ends without booting.</summary>
    public static Task<ShellRun> ShowVersionAsync(CancellationToken cancellationToken) => RunAsync(["--version"], awaited: null, cancellationToken);

    /// <summary>Lists the processes of the silo that runs on a data folder.</summary>
    public static Task<ShellRun> ListProcessesAsync(string data, CancellationToken cancellationToken) => RunAsync(["ps", "--data", data], awaited: null, cancellationToken);

    private static async Task<ShellRun> RunAsync(string[] arguments, string? awaited, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new BenchmarkException("The shell's process could not be started.");
        process.StandardInput.Close();
        var ready = TimeSpan.Zero;
        var said = new StringBuilder();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        try
        {
            while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                said.AppendLine(line);
                if (awaited is not null && ready == TimeSpan.Zero && line.StartsWith(awaited, StringComparison.Ordinal))
                    ready = watch.Elapsed;
            }

            await output;
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var end = watch.Elapsed;
        return process.ExitCode == 0
            ? new ShellRun(ready == TimeSpan.Zero ? end : ready, end)
            : throw new BenchmarkException($"'llmos {string.Join(' ', arguments)}' ended with code {process.ExitCode}: {said.ToString().Trim()}");
    }
}
