using System.Diagnostics;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Silo.Tests.Clusters;

/// <summary>Waits and revocations between processes that are in different silos.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task A_circle_over_three_silos_is_found_within_two_seconds_and_named()
    {
        await using var cluster = await KernelCluster.StartAsync(silos: 3, TimeSpan.FromSeconds(10), services => services.AddSingleton<IProcessProgram, AskingProgram>());
        var circle = await cluster.SpawnOnEachAsync(i => new ProcessSpec { Name = $"asker-{i}", Role = "asks", Program = AskingProgram.ProgramName });
        Assert.Equal(3, circle.Select(process => process.Pid).Distinct().Count());

        // A chain over the silos that ends is no circle.
        var chain = string.Join(' ', circle.Skip(1).Select(process => process.Pid));
        Assert.Equal("hello", (await cluster.ResponseAsync(await cluster.RequestAsync(circle[0].Pid, $"{chain} hello"))).Payload);

        var watch = Stopwatch.StartNew();
        var answer = await cluster.ResponseAsync(await cluster.RequestAsync(circle[0].Pid, $"{chain} {circle[0].Pid} hello"));
        var took = watch.Elapsed;
        var error = VmpHeaders.ErrorOf(answer)!;
        Assert.Equal(LlmosErrorCode.Deadlock, error.Code);
        Assert.All(circle, process => Assert.Contains($"{process.Pid} ({process.Name})", error.Message, StringComparison.Ordinal));
        Assert.True(took < TimeSpan.FromSeconds(2), $"It took {took}.");
        Assert.Equal("again", (await cluster.ResponseAsync(await cluster.RequestAsync(circle[0].Pid, $"{chain} again"))).Payload);
    }

    [Fact]
    public async Task A_revocation_stops_generations_of_processes_of_every_silo()
    {
        await using var cluster = await KernelCluster.StartAsync(silos: 3, TimeSpan.FromSeconds(10));
        var speakers = await cluster.SpawnOnEachAsync(i => new ProcessSpec { Name = $"speaker-{i}", Role = "You write.", MaxTokensPerTurn = 8_000, Budget = 1_000_000, Seed = 7 });
        var requests = new List<VmpMessage>();
        foreach (var speaker in speakers)
        {
            requests.Add(await cluster.RequestAsync(speaker.Pid, "Go on and on."));
        }

        foreach (var speaker in speakers)
        {
            await Until.TrueAsync(async () => (await cluster.Process(speaker.Pid).GetAsync()).State == ProcessState.Thinking);
            await cluster.Process(speaker.Pid).RevokeAsync(Permissions.ReadContext);
        }

        foreach (var request in requests)
        {
            var error = VmpHeaders.ErrorOf(await cluster.ResponseAsync(request))!;
            Assert.Equal(LlmosErrorCode.PermissionDenied, error.Code);
        }

        Assert.All(await Task.WhenAll(speakers.Select(speaker => cluster.Process(speaker.Pid).GetAsync())), speaker => Assert.InRange(speaker.CompletionTokens, 0, 7_999));
    }
}
