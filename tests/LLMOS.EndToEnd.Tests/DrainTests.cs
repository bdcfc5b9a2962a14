using System.Net;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests;

/// <summary>A silo that stands alone is told to stop while a process speaks.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_turn_under_way_is_finished_and_health_says_that_the_silo_drains()
    {
        using var folder = new TemporaryFolder();
        var silo = new SiloProcess(folder.Path, "--drain-grace", "90", "--threads", "1");
        long pid;
        VmpMessage request;
        using (var child = await silo.StartAsync())
        {
            await using var application = await silo.ConnectAsync();
            var llmos = application.Client;
            pid = (await llmos.SpawnAsync(new ProcessSpec { Name = "speaker", Role = "You write.", MaxTokensPerTurn = 2_000, Budget = 1_000_000 })).Pid;
            request = await llmos.SendAsync(new OutgoingMessage { To = pid, Payload = "Go on and on." });
            await foreach (var seen in llmos.WatchAsync(pid, TestContext.Current.CancellationToken))
            {
                if (seen.Kind == ProcessOutputKind.Text)
                {
                    break;
                }
            }

            child.Terminate();
            await AssertDrainingAsync(silo.Health);
            Assert.Equal(0, await child.WaitForExitAsync(Patience));
        }

        // The answer was there before the silo ended, so the next one has nothing to compute.
        using var next = await silo.StartAsync();
        await using var again = await silo.ConnectAsync();
        var filter = new MessageFilter { CorrelationId = request.MessageId.ToString() };
        Assert.NotNull(await again.Client.ReceiveAsync(WellKnownPids.Console, filter, Patience, TestContext.Current.CancellationToken));
        var process = await again.Client.GetProcessAsync(pid);
        Assert.Equal((1L, 2_000L), (process.Turns, process.CompletionTokens));
        var state = await again.Client.QueryMessagesAsync(new MessageQuery { Pid = pid, Limit = 100 });
        Assert.Equal(DeliveryState.Consumed, Assert.Single(state, logged => logged.Message.MessageId == request.MessageId).State);
    }

    private static async Task AssertDrainingAsync(Uri health)
    {
        using var http = new HttpClient();
        var deadline = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < deadline)
        {
            using var response = await http.GetAsync(health, TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Contains("draining", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail($"The silo did not say within {Patience} that it drains.");
    }
}
