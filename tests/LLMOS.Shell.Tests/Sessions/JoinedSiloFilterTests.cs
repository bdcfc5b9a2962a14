using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LLMOS.Client;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Tests.Sessions;

/// <summary>A call to a silo that was joined ends with that silo's process, unless another answers at its address.</summary>
public sealed class JoinedSiloFilterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_call_that_waits_fails_when_the_process_ends_and_goes_on_where_another_is_at_its_address()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sleep is a program of Unix.");
        using var folder = new TempFolder();
        using var silo = Process.Start("sleep", "600");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new SiloEndpointFile(silo.Id, $"{listener.LocalEndpoint}", "c", "s", Works: true);
        var filter = new JoinedSiloFilter(endpoint, folder.Path);
        await filter.AnswerAsync(Task.CompletedTask);

        var waiting = filter.AnswerAsync(new TaskCompletionSource().Task);
        Assert.False(waiting.IsCompleted);
        silo.Kill();
        var ended = await Assert.ThrowsAsync<LlmosException>(() => waiting.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(LlmosErrorCode.Unavailable, ended.Code);
        Assert.Contains($"The silo of {folder.Path} has ended (process {silo.Id})", ended.Message, StringComparison.Ordinal);

        // Started again at the same address, it is the one that calls reach.
        (endpoint with { ProcessId = Environment.ProcessId }).Write(folder.Path);
        var answer = new TaskCompletionSource();
        var late = filter.AnswerAsync(answer.Task);
        Assert.False(late.IsCompleted);
        answer.SetResult();
        await late;
    }
}
