using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using LLMOS.Client;
using LLMOS.Client.Control;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Models;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Silo.Tests.Hosting;

public sealed class LlmosHostTests
{
    [Fact]
    public async Task An_embedded_silo_boots_answers_and_stops()
    {
        using var data = new TempFolder();
        await using var host = LlmosHost.CreateBuilder(Options(data)).Build();
        await host.StartAsync();

        var stages = await host.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest(), CancellationToken.None).ToListAsync();
        var card = await host.Grains.GetGrain<IInferenceGrain>("default/0").GetCardAsync();

        Assert.Equal([BootStage.Kernel, BootStage.Services, BootStage.Agents, BootStage.ShellReady], stages.Select(stage => stage.Stage));
        Assert.Equal("CPU", card.Device);
        Assert.Null(host.HttpAddress);

        host.Announce(works: true);
        var listing = await Task.Run(() => ControlClient.ListProcesses(data.Path, liveOnly: true, 1_000, CancellationToken.None));
        Assert.Equal("init", listing!.Processes[0].Name);
        Assert.Equal((await ProcessListing.ReadAsync(new LlmosClient(host.Client), liveOnly: true, 1_000, CancellationToken.None)).ToJson().ToJsonString(), listing.ToJson().ToJsonString());
        var asked = await new LlmosClient(host.Client).QueryAuditAsync(new AuditQuery { Syscall = "ps" });
        Assert.Equal(["gateway", "local"], asked.Select(record => record.Entry.Principal));

        await host.StopAsync();
        Assert.False(File.Exists(data.File(ControlSocketFile.Name)));
        Assert.True(File.Exists(data.File("llmos.db")));
    }

    [Fact]
    public async Task The_dashboard_and_the_health_of_a_silo_are_on_loopback()
    {
        using var data = new TempFolder();
        var options = Options(data);
        options.HttpPort = 0;
        await using var host = LlmosHost.CreateBuilder(options).Build();
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = host.HttpAddress };

        var page = await client.GetStringAsync("dashboard/");
        var counters = await client.GetFromJsonAsync<JsonElement>("dashboard/ClusterStats");
        var health = await client.GetFromJsonAsync<JsonElement>("health");

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(host.HttpAddress!.Host)));
        Assert.Contains("<html", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(JsonValueKind.Object, counters.ValueKind);
        Assert.Equal("ready", health.GetProperty("status").GetString());
        Assert.Equal(1, health.GetProperty("devices").GetInt32());
    }

    [Theory]
    [InlineData("--silo-port")]
    [InlineData("--gateway-port")]
    [InlineData("--http")]
    public void A_port_in_use_is_named_with_the_option_that_changes_it(string option)
    {
        using var data = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var options = Options(data);
        switch (option)
        {
            case "--silo-port":
                options.SiloPort = port;
                break;
            case "--gateway-port":
                options.GatewayPort = port;
                break;
            default:
                options.HttpPort = port;
                break;
        }

        var exception = Assert.Throws<LlmosException>(() => LlmosHost.CreateBuilder(options).Build());

        Assert.Equal(LlmosErrorCode.FailedPrecondition, exception.Code);
        Assert.Matches($"^Port {port}, for .*, is in use: choose another with {option}, or end what uses it.$", exception.Message);
    }

    [Fact]
    public async Task A_data_folder_that_another_silo_holds_is_refused_and_that_silo_goes_on()
    {
        using var data = new TempFolder();
        await using var first = LlmosHost.CreateBuilder(Options(data)).Build();
        await first.StartAsync();

        var exception = Assert.Throws<LlmosException>(() => LlmosHost.CreateBuilder(Options(data)).Build());

        Assert.Contains("in use by another LLMOS process", exception.Message, StringComparison.Ordinal);
        Assert.Equal("CPU", (await first.Grains.GetGrain<IInferenceGrain>("default/0").GetCardAsync()).Device);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_named_and_the_folder_is_free_again()
    {
        using var data = new TempFolder();
        var options = Options(data);
        options.Devices = DeviceSelection.Parse("CUDA7");
        await using (var host = LlmosHost.CreateBuilder(options).Build())
        {
            var exception = await Assert.ThrowsAsync<LlmosException>(() => host.StartAsync());
            Assert.Contains("'CUDA7' is not on this machine", exception.Message, StringComparison.Ordinal);
        }

        await using var again = LlmosHost.CreateBuilder(Options(data)).Build();
        await again.StartAsync();
    }

    [Fact]
    public void A_silo_that_joins_another_runs_no_kernel()
    {
        using var data = new TempFolder();
        var options = Options(data);
        options.Join = new IPEndPoint(IPAddress.Loopback, 11111);
        var exception = Assert.Throws<LlmosException>(() => LlmosHost.CreateBuilder(options).Build());
        Assert.Contains("--roles inference", exception.Message, StringComparison.Ordinal);
    }

    private static LlmosSiloOptions Options(TempFolder data)
    {
        var options = new LlmosSiloOptions { Data = data.Path };
        options.Models.Threads = 1;
        return options;
    }
}
