using LLMOS.Kernel;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Bus;

/// <summary>Messages whose handling always fails, in each way that a turn can.</summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private const int Attempts = 3;

    private readonly string _data = Directory.CreateTempSubdirectory("llmos-poison-").FullName;
    private readonly PoisonProgram _program = new();
    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await RunningSystem.StartAsync(_data, new BootRequest { LoadModel = false }, services => services
        .AddSingleton<IProcessProgram>(_program)
        .Configure<KernelOptions>(options =>
        {
            options.MaxTurnAttempts = Attempts;
            options.FirstRetryDelay = TimeSpan.FromMilliseconds(20);
        }));

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [InlineData("away", Attempts)]
    [InlineData("slow", Attempts)]
    [InlineData("odd", 1)]
    [InlineData("cancelled", 1)]
    [InlineData("nothing", 1)]
    [InlineData("mute", 1)]
    [InlineData("unheard", 1)]
    public async Task Poison_ends_as_a_dead_letter_after_its_attempts_and_those_behind_it_are_handled(string poison, int attempts)
    {
        var pid = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "taster", Program = PoisonProgram.ProgramName })).Pid;
        var bad = await _system.RequestAsync(pid, poison);
        var good = await _system.RequestAsync(pid, "good");
        Assert.Equal("good", (await _system.ResponseAsync(good)).Payload);
        Assert.NotNull(VmpHeaders.ErrorOf(await _system.ResponseAsync(bad)));
        Assert.Equal(attempts, _program.Attempts);

        var log = _system.Grains.GetGrain<IMessageLogGrain>(0);
        await BusSystem.UntilAsync(async () => (await log.QueryAsync(new MessageQuery { Pid = pid, DeadOnly = true })).Length == 1, "the poison is a dead letter");
        var dead = Assert.Single(await log.QueryAsync(new MessageQuery { Pid = pid, DeadOnly = true }));
        Assert.Equal((bad.MessageId, DeliveryState.Dropped), (dead.Message.MessageId, dead.State));
        Assert.NotEmpty(dead.Reason);
        var process = await _system.Process(pid).GetAsync();
        Assert.Equal((ProcessState.Blocked, 2L, 0), (process.State, process.Turns, process.Waiting));
    }
}
