using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace LLMOS.Shell.Tests;

/// <summary>A real <c>llmos</c> in a process of its own, with its pipes, signals and exit code.</summary>
internal sealed class ShellProcess : IDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    /// <summary>What a loaded machine may take; a test that needs it is broken anyhow.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Lock _lock = new();
    private readonly Task _reading;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShellProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _error));
    }

    /// <summary>A model that costs next to nothing and never ends a turn by itself, so that what runs is still there to be looked at.</summary>
    public static string RandomModel { get; } = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");

    /// <summary>The program as it is published, beside the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "programs", OperatingSystem.IsWindows() ? "llmos.exe" : "llmos");

    public string Output => Read(_output);

    public string Error => Read(_error);

    /// <summary>Starts <c>llmos</c>. Its home is the folder given, so that the models and data of this user are out of reach.</summary>
    public static ShellProcess Start(string home, params IEnumerable<string> arguments) => Start(home, Program, arguments);

    /// <summary>Starts another program that will run <c>llmos</c>.</summary>
    /// <param name="home">Its home.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="embeddedModel">Whether it takes the embedded model, as a user's would, and not <see cref="RandomModel"/>.</param>
    public static ShellProcess Start(string home, string program, IEnumerable<string> arguments, bool embeddedModel = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            WorkingDirectory = home,
        };
        Isolate(start, home, embeddedModel);
        return new ShellProcess(Process.Start(start)!);
    }

    /// <summary>Takes what this user has configured out of the environment of a process.</summary>
    public static void Isolate(ProcessStartInfo start, string home, bool embeddedModel = false)
    {
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("LLMOS_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = home;
        if (!embeddedModel)
        {
            start.Environment["LLMOS_MODEL"] = RandomModel;
        }

        // Two spinning threads beside a busy runtime are slower than one.
        start.Environment["LLMOS_THREADS"] = "1";
    }

    /// <summary>Runs <c>llmos</c> to its end with nothing on its standard input.</summary>
    public static async Task<ShellProcess> RunAsync(string home, params IEnumerable<string> arguments)
    {
        var shell = Start(home, arguments);
        shell.CloseInput();
        await shell.WaitAsync();
        return shell;
    }

    public int ExitCode => _process.ExitCode;

    public async Task WriteAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It ended without reading all; what it says of that is the test's business.
        }
    }

    public void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all.
        }
    }

    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, signal);
        }
    }

    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _reading.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"llmos did not end in {Limit}; out: {Output}; error: {Error}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until both its outputs together satisfy a condition.</summary>
    public async Task UntilAsync(Func<string, string, bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition(_output.ToString(), _error.ToString()))
                {
                    return;
                }

                changed = _changed.Task;
            }

            Assert.False(_reading.IsCompleted && !changed.IsCompleted, $"llmos ended before; out: {Output}; error: {Error}");
            try
            {
                await Task.WhenAny(changed, _reading).WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It did not come to it in {Limit}; out: {Output}; error: {Error}");
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (_lock)
            {
                into.Append(buffer, 0, read);
                _changed.TrySetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private string Read(StringBuilder text)
    {
        lock (_lock)
        {
            return text.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
