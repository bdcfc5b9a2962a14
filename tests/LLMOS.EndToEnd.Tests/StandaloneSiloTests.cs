using LLMOS.Agents;
using LLMOS.Client;
using LLMOS.Client.Workflows;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LLMOS.Tests;

/// <summary>A silo in a process of its own, used through its gateway by an application that embeds the client.</summary>
public sealed class StandaloneSiloTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_silo_that_is_killed_goes_on_by_itself_when_it_is_started_again()
    {
        using var folder = new TemporaryFolder();
        var (silo, gateway) = (FreePorts.Next(), FreePorts.Next());
        RunSnapshot run;
        long agent;
        using (var first = await StartSiloAsync(folder.Path, silo, gateway))
        {
            await using var application = await ApplicationAsync(gateway);
            var llmos = application.Client;
            agent = (await llmos.SpawnAsync(new ProcessSpec { Name = "poet", Role = "You write.", MaxTokensPerTurn = 24 })).Pid;
            Assert.NotEmpty((await llmos.AskAsync(agent, "Write.", cancellationToken: TestContext.Current.CancellationToken)).Payload);
            run = await llmos.StartRunAsync(new RunRequest
            {
                Template = BuiltInWorkflows.Load(BuiltInWorkflows.BuildSoftware),
                Request = "Create a URL shortener with logging",
                Seed = 3,
            });
            await foreach (var output in llmos.WatchAsync(run.Members[1].Pid, TestContext.Current.CancellationToken))
            {
                if (output.Kind == ProcessOutputKind.Text)
                {
                    break;
                }
            }

            await first.KillAsync();
        }

        using (var second = await StartSiloAsync(folder.Path, silo, gateway))
        {
            await using var application = await ApplicationAsync(gateway);
            var llmos = application.Client;
            Assert.Equal(1, (await llmos.GetProcessAsync(agent)).Turns);
            Assert.NotEmpty((await llmos.AskAsync(agent, "Write more.", cancellationToken: TestContext.Current.CancellationToken)).Payload);
            await foreach (var _ in llmos.WatchRunAsync(run.RunId, TestContext.Current.CancellationToken))
            {
            }

            Assert.Equal(RunStatus.Completed, (await llmos.GetRunAsync(run.RunId)).Status);
            Assert.Equal("/context/project-urlshortener", run.Region);

            // A silo that is asked to stop does so in order.
            second.Interrupt();
            var code = await second.WaitForExitAsync(Limit);
            Assert.True(code is 0 or 130, $"exit code {code}\n{second.Output}");
        }

        await RunAudit.HoldAsync(folder.Path, run.RunId);
    }

    private static async Task<ChildProcess> StartSiloAsync(string data, int siloPort, int gatewayPort)
    {
        var silo = ChildProcess.Start("LLMOS.Silo.dll", data, "--data", data, "--silo-port", $"{siloPort}", "--gateway-port", $"{gatewayPort}", "--http", $"{FreePorts.Next()}");
        await silo.WaitForAsync(output => output.Contains("dashboard", StringComparison.Ordinal), Limit, "boot to the end");
        return silo;
    }

    private static async Task<Application> ApplicationAsync(int gatewayPort)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddLlmosClient(options => options.Gateways.Add($"127.0.0.1:{gatewayPort}"));
        var host = builder.Build();
        await host.StartAsync();
        return new Application(host);
    }

    private sealed class Application(IHost host) : IAsyncDisposable
    {
        public LlmosClient Client { get; } = host.Services.GetRequiredService<LlmosClient>();

        public async ValueTask DisposeAsync()
        {
            using var timeout = new CancellationTokenSource(Limit);
            try
            {
                await host.StopAsync(timeout.Token);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Its silo may be gone, which is what the test is about.
            }

            host.Dispose();
        }
    }
}
