using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LLMOS.Shell.Tests.Terminal;

/// <summary>A real <c>llmos</c> in a pseudo-terminal of the operating system, made by Python's pty, whose screen is read by an emulator.</summary>
internal sealed class TerminalProcess : IDisposable
{
    private const string Python =
        """
        import fcntl, json, os, pty, select, signal, struct, sys, termios
        def size(fd, columns, rows):
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        pid, fd = pty.fork()
        if pid == 0:
            size(0, int(sys.argv[1]), int(sys.argv[2]))
            os.execvp(sys.argv[3], sys.argv[3:])
        waiting, inputs, said = b'', [0, fd], None
        while True:
            ready, _, _ = select.select(inputs, [], [])
            if fd in ready:
                try:
                    data = os.read(fd, 65536)
                except OSError:
                    data = b''
                if not data:
                    break
                os.write(1, data)
            if 0 in ready:
                data = os.read(0, 65536)
                if not data:
                    inputs.remove(0)
                waiting += data
                while b'\n' in waiting:
                    line, waiting = waiting.split(b'\n', 1)
                    said = json.loads(line)
                    if 'keys' in said:
                        os.write(fd, said['keys'].encode())
                    if 'size' in said:
                        size(fd, *said['size'])
                    if 'signal' in said:
                        os.kill(pid, said['signal'])
        _, status = os.waitpid(pid, 0)
        sys.exit(os.waitstatus_to_exitcode(status) % 256)
        """;

    private const string SystemPython = "/usr/bin/python3";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TerminalProcess(Process process, int columns, int rows)
    {
        _process = process;
        Screen = new TerminalEmulator(columns, rows);
        _reading = ReadAsync();
    }

    /// <summary>What is on the screen.</summary>
    private TerminalEmulator Screen { get; }

    /// <summary>The lines of the screen.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return Screen.ToString();
            }
        }
    }

    /// <summary>Whether the second screen is shown.</summary>
    public bool IsAlternate
    {
        get
        {
            lock (_gate)
            {
                return Screen.IsAlternate;
            }
        }
    }

    /// <summary>Whether the cursor is shown.</summary>
    public bool ShowsCursor
    {
        get
        {
            lock (_gate)
            {
                return Screen.ShowsCursor;
            }
        }
    }

    /// <summary>All that was written so far, with its control sequences.</summary>
    public string Raw
    {
        get
        {
            lock (_gate)
            {
                return Screen.Raw;
            }
        }
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts <c>llmos</c> in a terminal of that size.</summary>
    public static TerminalProcess Start(string home, int columns, int rows, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(File.Exists(SystemPython) ? SystemPython : "python3", ["-c", Python, columns.ToString(CultureInfo.InvariantCulture), rows.ToString(CultureInfo.InvariantCulture), ShellProcess.Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = home,
        };
        ShellProcess.Isolate(start, home);
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new TerminalProcess(Process.Start(start)!, columns, rows);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Assert.Fail($"The pseudo-terminal is made by python3, which did not start ({missing.Message}): install Debian's package python3.");
            throw;
        }
    }

    /// <summary>Presses keys: text, or the sequences that a terminal sends.</summary>
    public Task PressAsync(string keys) => SayAsync(new { keys });

    public Task ResizeAsync(int columns, int rows)
    {
        lock (_gate)
        {
            Screen.Resize(columns, rows);
        }

        return SayAsync(new { size = new[] { columns, rows } });
    }

    public Task SignalAsync(int signal) => SayAsync(new { signal });

    /// <summary>Waits until the screen satisfies a condition.</summary>
    public async Task UntilAsync(Func<string, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (condition(Screen.ToString()))
                {
                    return;
                }

                changed = _changed.Task;
            }

            Assert.False(_reading.IsCompleted && !changed.IsCompleted, $"llmos ended before {what}. The screen:\n{Text}");
            try
            {
                await Task.WhenAny(changed, _reading).WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It did not come to {what} in {Limit}. The screen:\n{Text}");
            }
        }
    }

    public Task UntilAsync(string text) => UntilAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _reading.WaitAsync(limit.Token);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"llmos did not end in {Limit}. The screen:\n{Text}");
        }

        return _process.ExitCode;
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

    private async Task SayAsync<T>(T what)
    {
        await _process.StandardInput.WriteAsync(JsonSerializer.Serialize(what) + "\n");
        await _process.StandardInput.FlushAsync();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[8192];
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_gate)
            {
                Screen.Write(buffer.AsSpan(0, read));
                _changed.TrySetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
