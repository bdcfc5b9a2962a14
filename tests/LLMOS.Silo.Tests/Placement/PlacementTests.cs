using LLMOS.Kernel.Resources;
using LLMOS.Silo.Models;

namespace LLMOS.Silo.Tests.Placement;

public sealed class PlacementTests
{
    [Fact]
    public async Task Every_replica_lands_on_the_silo_that_has_a_device_from_the_first_call_on()
    {
        await using var cluster = await SiloCluster.StartAsync(DeviceSelection.None, SiloCluster.Gpu("gpu"), DeviceSelection.None);

        // At once: no report has been waited for.
        var admissions = await Task.WhenAll(Enumerable.Range(0, 24).Select(number => cluster.Replica(number).AdmitAsync()));

        Assert.All(admissions, admission => Assert.True(admission.Accepted, admission.Reason));
        Assert.All(admissions, admission => Assert.Equal("gpu", admission.Card!.Device));
        var device = Assert.Single(cluster.Service<ModelHost>(1).Report().Devices);
        Assert.Equal(new LoadedModel("default", 24), Assert.Single(device.Models));
    }

    [Fact]
    public async Task Replicas_of_one_model_spread_over_the_devices_of_the_cluster()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu-a"), SiloCluster.Gpu("gpu-b"));

        var admissions = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => cluster.Replica(number).AdmitAsync()));

        var byDevice = admissions.CountBy(admission => admission.Card!.Device).ToDictionary();
        Assert.Equal(2, byDevice.Count);
        Assert.InRange(byDevice["gpu-a"], 6, 14);
    }

    [Fact]
    public async Task Replicas_spread_over_the_devices_of_one_silo()
    {
        await using var cluster = await SiloCluster.StartAsync(DeviceSelection.Of(
            new DeviceDefinition { Name = "gpu-a", Backend = "CPU", IsGpu = true, MemoryBytes = 1 << 30 },
            new DeviceDefinition { Name = "gpu-b", Backend = "CPU", IsGpu = true, MemoryBytes = 1 << 30 },
            new DeviceDefinition { Name = "cpu", Backend = "CPU" }));

        var admissions = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => cluster.Replica(number).AdmitAsync()));

        Assert.Equal(3, admissions.Count(admission => admission.Card!.Device == "gpu-a"));
        Assert.Equal(3, admissions.Count(admission => admission.Card!.Device == "gpu-b"));
    }

    [Fact]
    public async Task Without_a_device_anywhere_the_caller_is_told_so_in_a_sentence()
    {
        await using var cluster = await SiloCluster.StartAsync(DeviceSelection.None, DeviceSelection.None);

        var exception = await Assert.ThrowsAsync<LlmosException>(() => cluster.Replica(0).AdmitAsync());

        Assert.Equal(LlmosErrorCode.Unavailable, exception.Code);
        Assert.Contains("No silo of this cluster offers a device for the model 'default'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_is_short_of_memory_refuses_and_the_replica_goes_where_it_says()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("small", megabytes: 1), SiloCluster.Gpu("large"));
        await Eventually.TrueAsync(() => cluster.DevicesSeenBy(0).Count == 2, "that silo 0 has heard of both devices");
        var replica = cluster.Replica(0);

        var refused = await cluster.PlacedOnAsync(0, replica.AdmitAsync);

        Assert.False(refused.Accepted);
        Assert.Equal(cluster.Silos[1].SiloAddress, refused.Suggested);
        Assert.Contains("small 1.0 MiB", refused.Reason, StringComparison.Ordinal);

        var accepted = await replica.AdmitAsync();
        Assert.True(accepted.Accepted, accepted.Reason);
        Assert.Equal("large", accepted.Card!.Device);
    }

    [Fact]
    public async Task When_no_silo_has_the_memory_the_refusal_names_what_is_needed_and_what_is_there()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("small", megabytes: 1));

        var refused = await cluster.Replica(0).AdmitAsync();

        Assert.False(refused.Accepted);
        Assert.Null(refused.Suggested);
        Assert.Matches(@"^The model 'default' needs [\d.]+ MiB \(.* of weights and .* for 4096 cells of context\) and this silo has too little free: small 1\.0 MiB\.", refused.Reason);
        var thrown = await Assert.ThrowsAsync<LlmosException>(() => cluster.Replica(0).GetCardAsync());
        Assert.Equal(refused.Reason, thrown.Message);
    }

    [Fact]
    public async Task A_model_that_nobody_uses_makes_room_for_one_that_is_wanted()
    {
        var need = Need();
        await using var cluster = await SiloCluster.StartAsync(
            options => options.Models.Local["twin"] = TwinOfTheDefaultModel(),
            SiloCluster.Gpu("gpu", megabytes: (need >> 20) + 1));
        Assert.True((await cluster.Replica(0).AdmitAsync()).Accepted);

        var admitted = await cluster.Replica(0, "twin").AdmitAsync();

        Assert.True(admitted.Accepted, admitted.Reason);
        var device = Assert.Single(cluster.Service<ModelHost>(0).Report().Devices);
        Assert.Equal(new LoadedModel("twin", 1), Assert.Single(device.Models));
    }

    [Fact]
    public async Task A_replica_comes_back_to_the_device_that_still_holds_its_model()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu-a"), SiloCluster.Gpu("gpu-b"), SiloCluster.Gpu("gpu-c"));
        var replica = cluster.Replica(0);
        var first = await replica.AdmitAsync();
        for (var time = 0; time < 5; time++)
        {
            await cluster.DeactivateAsync(replica);
            await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(silo => ReplicasSeenBy(silo) is [0]), "that all silos know that the model is idle");
            Assert.Equal(first.Card!.Device, (await replica.AdmitAsync()).Card!.Device);
            await Eventually.TrueAsync(() => Enumerable.Range(0, 3).All(silo => ReplicasSeenBy(silo) is [1]), "that all silos know that the model is in use");
        }

        int[] ReplicasSeenBy(int silo) => [.. cluster.DevicesSeenBy(silo).SelectMany(device => device.Models).Select(model => model.Replicas)];
    }

    [Fact]
    public async Task The_device_of_a_silo_that_died_is_dropped_and_placements_go_elsewhere()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu-a"), SiloCluster.Gpu("gpu-b"));
        await Eventually.TrueAsync(() => cluster.DevicesSeenBy(0).Count == 2, "that silo 0 has heard of both devices");

        await cluster.KillAsync(1);
        await Eventually.TrueAsync(() => cluster.DevicesSeenBy(0).Count == 1, "that silo 0 has dropped the dead silo's device");
        var admissions = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => cluster.Replica(number).AdmitAsync()));

        Assert.All(admissions, admission => Assert.Equal("gpu-a", admission.Card!.Device));
    }

    [Fact]
    public async Task The_cpu_of_a_silo_serves_while_no_silo_has_a_gpu()
    {
        await using var cluster = await SiloCluster.StartAsync(
            DeviceSelection.None,
            DeviceSelection.Of(new DeviceDefinition { Name = "CPU", Backend = "CPU" }));
        Assert.Equal("CPU", (await cluster.Replica(0).AdmitAsync()).Card!.Device);
    }

    [Fact]
    public async Task A_load_is_pushed_to_all_silos_at_once()
    {
        await using var cluster = await SiloCluster.StartAsync(DeviceSelection.None, SiloCluster.Gpu("gpu"));
        await cluster.Replica(0).AdmitAsync();
        await Eventually.TrueAsync(
            () => cluster.DevicesSeenBy(0).Any(device => device.Models.Contains(new LoadedModel("default", 1))),
            "that the silo without a device has heard of the load");
    }

    [Fact]
    public async Task A_model_that_does_not_exist_is_refused_by_name_and_can_be_put_there_later()
    {
        using var folder = new TempFolder();
        var path = folder.File("late.gguf");
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));

        var exception = await Assert.ThrowsAsync<LlmosException>(() => cluster.Replica(0, path).AdmitAsync());
        Assert.Equal(LlmosErrorCode.NotFound, exception.Code);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);

        File.Copy(DefaultModel, path);
        Assert.True((await cluster.Replica(0, path).AdmitAsync()).Accepted);
    }

    private static string DefaultModel => Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");

    private static string TwinOfTheDefaultModel()
    {
        var twin = Path.Combine(AppContext.BaseDirectory, "models", "twin.gguf");
        File.Copy(DefaultModel, twin, overwrite: true);
        return twin;
    }

    private static long Need()
    {
        var options = new SiloModelOptions { ContextCells = 4096 };
        return new LlamaModelBackend(options, new SiloEngines(), TimeProvider.System).Find(DefaultModel).MemoryBytes;
    }
}
