using System.Diagnostics;
using System.Globalization;

namespace ModelForge.Evaluation.Workflow;

/// <summary>A running program, killed with all that it started when this is disposed of.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="command">The executable and its arguments.</param>
    /// <param name="port">The port that it is told to serve; 0 for none.</param>
    public ChildProgram(string folder, string[] command, int port)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (port > 0)
        {
            start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        }

        Process = Process.Start(start)!;
        Process.StandardInput.Close();
        _output = Process.StandardOutput.ReadToEndAsync();
        _errors = Process.StandardError.ReadToEndAsync();
    }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>The line in which a program that has ended says what went wrong.</summary>
    public async Task<string> ComplaintAsync()
    {
        var lines = (await _errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(line => line.Contains("Error", StringComparison.Ordinal))
            ?? lines.LastOrDefault()
            ?? string.Create(CultureInfo.InvariantCulture, $"exit code {Process.ExitCode}");
    }

    /// <summary>What a program that has ended wrote.</summary>
    public Task<string> OutputAsync() => _output;

    /// <summary>Kills it and says what it complained about.</summary>
    public async Task<string> StopAsync()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
        }

        await Process.WaitForExitAsync();
        return await ComplaintAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _output;
        Process.Dispose();
    }
}
