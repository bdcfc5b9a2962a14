using System.Diagnostics;
using System.Text;

namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>The shell, run as a child process: as the build left it, or published.</summary>
internal sealed class ShellProgram
{
    /// <summary>How the shell begins the line of the last stage of boot.</summary>
    private const string LastStage = "[4/4]";

    private readonly string _program;
    private readonly string[] _first;

    private ShellProgram(string program, string[] first) => (_program, _first) = (program, first);

    /// <summary>What the build has put beside this program: every start compiles what it uses.</summary>
    public static ShellProgram Built { get; } = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "llmos.dll")]);

    /// <summary>Publishes the shell of this build, compiled ahead, as its users have it.</summary>
    /// <param name="folder">Where to put it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BenchmarkException">It cannot be published.</exception>
    public static async Task<ShellProgram> PublishAsync(string folder, CancellationToken cancellationToken)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "LLMOS.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new BenchmarkException("The published shell is measured where it can be published: run the benchmarks in the repository, with dotnet run.");
        }

        // The build of these benchmarks has built the shell too, in the same configuration: bin/Release/net10.0.
        var configuration = AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)[^2];
        var start = new ProcessStartInfo("dotnet", ["publish", Path.Combine(root, "LLMOS.Shell"), "--configuration", configuration, "--no-build", "--nologo", "--output", folder])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start) ?? throw new BenchmarkException("dotnet publish could not be started.");
        try
        {
            var (output, errors) = (publish.StandardOutput.ReadToEndAsync(cancellationToken), publish.StandardError.ReadToEndAsync(cancellationToken));
            await publish.WaitForExitAsync(cancellationToken);
            return publish.ExitCode == 0
                ? new ShellProgram(Path.Combine(folder, OperatingSystem.IsWindows() ? "llmos.exe" : "llmos"), [])
                : throw new BenchmarkException($"dotnet publish of the shell ended with code {publish.ExitCode}: {(await output).Trim()} {(await errors).Trim()}".TrimEnd());
        }
        catch (OperationCanceledException)
        {
            publish.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Boots on a data folder, and leaves once the system is up.</summary>
    public async Task<ShellRun> BootAsync(string data, CancellationToken cancellationToken)
    {
        var run = await RunAsync(["boot", "--check", "--data", data], LastStage, cancellationToken);
        return run.Ready < run.End
            ? run
            : throw new BenchmarkException($"'llmos boot --check' ended without a line that begins with '{LastStage}': the time of its boot cannot be told.");
    }

    /// <summary>Starts and ends without booting.</summary>
    public Task<ShellRun> ShowVersionAsync(CancellationToken cancellationToken) => RunAsync(["--version"], awaited: null, cancellationToken);

    /// <summary>Lists the processes of the silo that runs on a data folder.</summary>
    public Task<ShellRun> ListProcessesAsync(string data, CancellationToken cancellationToken) => RunAsync(["ps", "--data", data], awaited: null, cancellationToken);

    private async Task<ShellRun> RunAsync(string[] arguments, string? awaited, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_program, [.. _first, .. arguments])
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
