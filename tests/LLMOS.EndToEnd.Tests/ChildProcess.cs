using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace LLMOS.Tests;

/// <summary>A real process that a test started: its output, its signals, its end.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_lock)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The shell and the silo as they are published, beside the tests.</summary>
    public static string Programs { get; } = Path.Combine(AppContext.BaseDirectory, "programs");

    /// <summary>Starts a program of <see cref="Programs"/>.</summary>
    public static ChildProcess Start(string assembly, string data, params string[] arguments) => Start(assembly, data, arguments, []);

    /// <summary>The same with more in its environment.</summary>
    public static ChildProcess Start(string assembly, string data, string[] arguments, Dictionary<string, string> environment)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        info.ArgumentList.Add(Path.Combine(Programs, assembly));
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment["LLMOS_DATA"] = data;
        // It never ends a turn by itself, so a process is found at work when it is killed.
        info.Environment["LLMOS_MODEL"] = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        var process = new Process { StartInfo = info };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, line) => child.Add(line.Data);
        process.ErrorDataReceived += (_, line) => child.Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits until the output so far satisfies a condition.</summary>
    /// <exception cref="TimeoutException">It did not within the limit, or the process ended first; the output is in the message.</exception>
    public async Task<string> WaitForAsync(Func<string, bool> condition, TimeSpan limit, string what)
    {
        var deadline = DateTime.UtcNow + limit;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            var output = Output;
            if (condition(output))
            {
                return output;
            }

            var left = deadline - DateTime.UtcNow;
            if (left <= TimeSpan.Zero || (_process.HasExited && changed == _changed.Task && !condition(Output)))
            {
                throw new TimeoutException($"No {what} within {limit}; the process {(_process.HasExited ? $"ended with {_process.ExitCode}" : "runs")}. Output:\n{Output}");
            }

            await Task.WhenAny(changed, Task.Delay(left < TimeSpan.FromMilliseconds(200) ? left : TimeSpan.FromMilliseconds(200)));
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process did not end within {limit}. Output:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        Signal(SigKill);
        await _process.WaitForExitAsync();
    }

    public void Interrupt() => Signal(SigInt);

    public void Terminate() => Signal(SigTerm);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0 && !_process.HasExited)
        {
            throw new InvalidOperationException($"Signal {signal} did not reach process {_process.Id}.");
        }
    }

    private void Add(string? line)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (line is not null)
            {
                _output.AppendLine(line);
            }

            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
