using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LLMOS.Silo.Tests.Hosting;

/// <summary>The program itself, as a process of its own.</summary>
public sealed class StandaloneSiloTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_boots_says_where_it_is_and_stops_on_a_termination_signal()
    {
        using var data = new TempFolder();
        using var silo = Start("--data", data.Path, "--silo-port", "0", "--gateway-port", "0", "--http", "0", "--threads", "1");
        var lines = new List<string>();
        using var limit = new CancellationTokenSource(Limit);
        while (lines.LastOrDefault()?.StartsWith("dashboard http://127.0.0.1:", StringComparison.Ordinal) != true)
        {
            lines.Add(await silo.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException(await silo.StandardError.ReadToEndAsync(limit.Token)));
        }

        string[] beginnings = ["silo ", "1 Kernel: ", "2 Services: ", "3 Agents: ", "4 ShellReady: ", "dashboard "];
        Assert.Equal(beginnings.Length, lines.Count);
        Assert.All(lines.Zip(beginnings), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
        using (var kill = Process.Start("kill", ["-TERM", silo.Id.ToString()]))
        {
            await kill.WaitForExitAsync(limit.Token);
        }

        await silo.WaitForExitAsync(limit.Token);
        Assert.Equal(0, silo.ExitCode);
        Assert.Equal("", await silo.StandardError.ReadToEndAsync(limit.Token));
    }

    [Fact]
    public async Task A_wrong_option_is_a_usage_error_and_a_port_in_use_a_failure()
    {
        using var data = new TempFolder();
        var (code, error) = await RunAsync("--data", data.Path, "--port", "1");
        Assert.Equal((2, "'--port' is no option of the silo: see --help."), (code, error.Trim()));

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        (code, error) = await RunAsync("--data", data.Path, "--silo-port", port.ToString(), "--gateway-port", "0", "--http", "none");
        Assert.Equal((1, $"Port {port}, for other silos, is in use: choose another with --silo-port, or end what uses it."), (code, error.Trim()));
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using var silo = Start(arguments);
        using var limit = new CancellationTokenSource(Limit);
        var error = await silo.StandardError.ReadToEndAsync(limit.Token);
        await silo.WaitForExitAsync(limit.Token);
        return (silo.ExitCode, error);
    }

    private static Process Start(params IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LLMOS.Silo.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
