using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Scheduling;
using LLMOS.Silo.Models;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Silo.Tests.Placement;

/// <summary>Requests and replicas on a cluster whose devices come and go.</summary>
public sealed class ReplicaBalancingTests
{
    // Of 4,096 cells two requests have room at once. The work is far more than is waited for, and the rest is cancelled.
    private const int Processes = 24;
    private const int Answer = 1_900;

    [Fact]
    public async Task What_waits_goes_to_a_silo_that_joins_and_its_replica_goes_when_nobody_needs_it()
    {
        await using var cluster = await SiloCluster.StartAsync(
            options => options.Models.Policy = "fcfs",
            services => services.Configure<SchedulingOptions>(options =>
            {
                options.Interval = TimeSpan.FromMilliseconds(20);
                options.CloseAfter = TimeSpan.FromSeconds(1);
            }),
            first: 1,
            SiloCluster.Gpu("gpu-a"),
            SiloCluster.Gpu("gpu-b"));
        var scheduler = cluster.Grains.GetGrain<ISchedulerGrain>(Thinker.DefaultModel);
        using var enough = new CancellationTokenSource();
        var answers = Enumerable.Range(1, Processes).Select(pid => AnswerAsync(cluster.Grains, pid, Answer, enough.Token)).ToList();
        await UntilAsync(
            async () => await scheduler.DescribeAsync() is { Replicas: [{ Thinking: > Processes / 2, Waiting: > Processes / 2 }], Moved: 0, Opened: 1 }, "there is a queue on the only device");

        await cluster.JoinAsync();
        await UntilAsync(async () => await scheduler.DescribeAsync() is { Moved: > 0, Opened: 2 }, "waiting requests were moved");

        // One that was moved is answered as any other, from its first token to its last.
        var left = answers.ToList();
        var moved = ("", 0);
        while (moved.Item1 != "gpu-b")
        {
            var done = await Task.WhenAny(left);
            left.Remove(done);
            moved = await done;
            Assert.Equal(Answer, moved.Item2);
        }

        await enough.CancelAsync();
        foreach (var answer in answers)
        {
            await Record.ExceptionAsync(() => answer);
        }

        await UntilAsync(async () => await scheduler.DescribeAsync() is { Closed: 1, Replicas: [{ Number: 0 }] }, "the further replica was closed");
        var host = Enumerable.Range(0, 2).Select(cluster.Service<ModelHost>).Single(host => host.Report().Devices is [{ Device: "gpu-b" }]);
        await UntilAsync(() => Task.FromResult(host.Report().Devices[0] is { Models.IsEmpty: true } device && device.MemoryFree == device.MemoryTotal), "its memory is free");

        // A process that was there goes on where there is a replica.
        Assert.Equal(("gpu-a", 5), await AnswerAsync(cluster.Grains, Processes, 5, CancellationToken.None));
    }

    /// <summary>Generates as a turn does.</summary>
    private static async Task<(string Device, int Tokens)> AnswerAsync(IGrainFactory grains, long pid, int most, CancellationToken cancellationToken)
    {
        await using var thinker = await Thinker.AcquireAsync(grains, pid, "", ProcessPriority.Default);
        var tokens = 0;
        var request = new InferenceRequest
        {
            Pid = pid,
            Messages = [new PromptMessage(PromptRole.User, $"Tell me a long story, number {pid}.")],
            MaxTokens = most,
            Sampling = new SamplingOptions { Seed = (ulong)pid },
        };
        await foreach (var chunk in thinker.GenerateAsync(request, cancellationToken))
        {
            tokens += chunk.Tokens;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return (thinker.Card.Device, tokens);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(60);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"{what}: not within a minute");
            await pause.WaitForNextTickAsync();
        }
    }
}
