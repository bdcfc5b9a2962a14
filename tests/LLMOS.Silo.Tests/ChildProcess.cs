using System.Diagnostics;

namespace LLMOS.Silo.Tests;

/// <summary>Another process, started from the child program beside the tests, which the build has compiled ahead.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private string? _last;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Where the child program lies, with all that it needs.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "child");

    private static string Program => Path.Combine(Folder, "LLMOS.Silo.Tests.Child.dll");

    public static ChildProcess Start(params IEnumerable<string> arguments) => Run("dotnet", [Program, .. arguments]);

    /// <summary>Starts it where no file may grow beyond a size: the operating system refuses the write, as a full disk does.</summary>
    public static ChildProcess StartWithFileLimit(int kibibytes, params IEnumerable<string> arguments) => Run(
        "/bin/bash",
        ["-c", $"trap '' XFSZ; ulimit -f {kibibytes}; exec dotnet \"$@\"", "bash", Program, .. arguments]);

    private static ChildProcess Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Its life is over before it would pay to compile what it called thirty times once more; that took an eighth of the processor time of a start.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "100000";
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>The next line of its standard output; null after the last.</summary>
    public Task<string?> ReadLineAsync() => ReadLineAsync(Limit);

    /// <summary>The same, for one that takes its time: a whole system that starts.</summary>
    public async Task<string?> ReadLineAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            return _last = await _process.StandardOutput.ReadLineAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Whether it hung or had no processor.
            throw new TimeoutException($"No line within {within} after '{_last}'; the process has had {_process.TotalProcessorTime.TotalSeconds:0.0} s of processor time.");
        }
    }

    /// <summary>What is left of its standard output, once it has ended.</summary>
    public async Task<string> ReadRestAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _process.StandardOutput.ReadToEndAsync(limit.Token);
    }

    /// <summary>Its exit code and what it said on standard error.</summary>
    public async Task<(int ExitCode, string Error)> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var error = await _process.StandardError.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, error);
    }

    /// <summary>Ends it the hard way, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
