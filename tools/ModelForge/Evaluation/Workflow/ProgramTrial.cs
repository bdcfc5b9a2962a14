using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ModelForge.Corpus.Workflow;

namespace ModelForge.Evaluation.Workflow;

/// <summary>Checks a program's syntax, then runs it in a folder of its own: a server has to answer a request, a tool to end well.</summary>
internal sealed class ProgramTrial : IDisposable
{
    private const int FirstPort = 20_000;

    // Where the ports that Linux gives out begin; other systems' begin higher.
    private const int EndOfPorts = 32_768;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(25);

    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Patience };

    /// <summary>What is wrong with the program; null when it checks and runs.</summary>
    /// <param name="program">The program.</param>
    /// <param name="argument">The argument of a tool; null for a server, which is asked for its first page.</param>
    /// <param name="cancellationToken">Ends the trial, and the program with it.</param>
    public async Task<string?> TryAsync(ProgramText program, string? argument, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        return await InFolderAsync(program, RunAsync);

        async Task<string?> RunAsync(string folder, string[] command)
        {
            string[] check = program.Language == ProgramText.Python ? ["python3", "-m", "py_compile", command[^1]] : ["node", "--check", command[^1]];
            if (await EndsWellAsync(folder, check, cancellationToken) is { } syntax)
            {
                return syntax;
            }

            return argument is null
                ? await ServesAsync(folder, command, cancellationToken)
                : await EndsWellAsync(folder, [.. command, .. argument.Split(' ')], cancellationToken);
        }
    }

    /// <summary>What is wrong with the program by its own tests; null when they pass.</summary>
    public static async Task<string?> TestAsync(ProgramText program, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(program);
        return await InFolderAsync(program, (folder, command) => EndsWellAsync(folder, [.. command, "test"], cancellationToken, says: "tests passed"));
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private static async Task<string?> InFolderAsync(ProgramText program, Func<string, string[], Task<string?>> tryAsync)
    {
        var folder = Directory.CreateTempSubdirectory("llmos-program-").FullName;
        try
        {
            var (interpreter, file) = program.Language == ProgramText.Python ? ("python3", "program.py") : ("node", "program.js");
            await File.WriteAllTextAsync(Path.Combine(folder, file), program.Code);
            return await tryAsync(folder, [interpreter, file]);
        }
        catch (Win32Exception missing)
        {
            return $"it could not be tried: {missing.Message}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string?> EndsWellAsync(string folder, string[] command, CancellationToken cancellationToken, string says = "")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await using var child = new ChildProgram(folder, command, port: 0);
        try
        {
            await child.Process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{command[0]} {command[1]} did not end within {Patience.TotalSeconds:0} s";
        }

        if (child.Process.ExitCode != 0)
        {
            return $"{command[0]} {command[1]}: {await child.ComplaintAsync()}";
        }

        var said = await child.OutputAsync();
        return said.Contains(says, StringComparison.Ordinal) ? null : $"{string.Join(' ', command)} says '{said.Trim()}'";
    }

    private async Task<string?> ServesAsync(string folder, string[] command, CancellationToken cancellationToken)
    {
        var port = FreePort();
        await using var child = new ChildProgram(folder, command, port);
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Patience)
        {
            try
            {
                using var answer = await _client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")), cancellationToken);
                return answer.StatusCode is < HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized ? null : $"it answers {(int)answer.StatusCode}";
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError != HttpRequestError.ConnectionError)
            {
                return $"its answer broke off: {await child.StopAsync()}";
            }
            catch (HttpRequestException) when (child.Process.HasExited)
            {
                return $"it ended: {await child.ComplaintAsync()}";
            }
            catch (HttpRequestException)
            {
                await Task.Delay(BetweenTries, cancellationToken);
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        return $"it served nothing on its port within {Patience.TotalSeconds:0} s";
    }

    /// <summary>
    /// A port that nobody listens on, of those that no system gives out by itself: one that it does may be another server's by the time the program
    /// listens, whose answer would pass for the program's.
    /// </summary>
    private static int FreePort()
    {
        for (; ; )
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(FirstPort, EndOfPorts));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
            }
        }
    }
}
