using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Running;

/// <summary>A low server, a middling hog and an urgent client on an engine that has room for one of the two.</summary>
public sealed class PriorityInversionTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-inversion-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData(2, true)]
    [InlineData(15, false)]
    public async Task A_low_server_gets_ahead_of_a_middling_hog_only_while_an_urgent_client_waits_for_it(int client, bool isFirst)
    {
        await using var system = await RunningSystem.StartAsync(_data, with: options =>
        {
            options.Models.ContextCells = 1024;
            options.Models.Policy = "priority";
            options.Models.AgingSteps = 100_000;
        });

        // Of 1,024 cells each of them sets aside more than half.
        var hog = await system.Table.SpawnAsync(Agent("hog", priority: 10));
        var server = await system.Table.SpawnAsync(Agent("server", priority: 15));
        var mailbox = await system.Table.SpawnAsync(new ProcessSpec { Name = "client", Program = ProcessPrograms.Mailbox, Priority = new ProcessPriority(client) });
        var busy = await system.RequestAsync(hog.Pid, "Go on and on.");
        await system.SeeAsync(hog.Pid, output => output.Kind == ProcessOutputKind.Text, "text");

        var request = await system.Process(mailbox.Pid).SendAsync(new OutgoingMessage { To = server.Pid, Payload = "Serve.", Priority = new ProcessPriority(15) });
        var answer = await system.Process(mailbox.Pid).PeekAsync(
            new MessageFilter { From = server.Pid, CorrelationId = request.MessageId.ToString() }, RunningSystem.Limit, CancellationToken.None);
        var other = await system.ResponseAsync(busy);
        Assert.Null(VmpHeaders.ErrorOf(answer!));
        Assert.Null(VmpHeaders.ErrorOf(other));
        Assert.Equal(isFirst, answer!.Timestamp < other.Timestamp);
    }

    private static ProcessSpec Agent(string name, int priority) => new()
    {
        Name = name,
        Role = "You go on.",
        MaxTokensPerTurn = 512,
        Budget = 1_000_000,
        Priority = new ProcessPriority(priority),
    };
}
