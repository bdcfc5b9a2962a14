using LLMOS.Silo.Models;
using LLMOS.Silo.Tests.Placement;

namespace LLMOS.Silo.Tests.Models;

/// <summary>The engines of a silo, asked for and given back by many at once, with real models.</summary>
public sealed class ModelHostTests
{
    private static readonly string DefaultModel = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");

    [Fact]
    public async Task Replicas_that_come_and_go_at_once_leave_the_books_in_order()
    {
        using var folder = new TempFolder();
        var names = new[] { "one", "two", "three" };
        await using var cluster = await SiloCluster.StartAsync(
            options =>
            {
                options.Models.ContextCells = 512;
                options.Models.KeepAlive = TimeSpan.FromSeconds(1);
                foreach (var name in names)
                {
                    var path = folder.File(name + ".gguf");
                    File.Copy(DefaultModel, path);
                    options.Models.Local[name] = path;
                }
            },
            SiloCluster.Gpu("gpu", megabytes: 48));
        var host = cluster.Service<ModelHost>(0);
        var total = host.Report().Devices.Single().MemoryTotal;

        await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 20; i++)
            {
                var model = names[random.Next(names.Length)];
                var admission = await host.AdmitAsync(model, worker, CancellationToken.None);
                if (admission.Accepted)
                {
                    Assert.Equal(model, host.GetEngine(model, worker).Card.Name);
                    Assert.InRange((await host.GetEngine(model, worker).CountTokensAsync(["hello"], CancellationToken.None))[0], 1, 5);
                    await host.EvictAsync(model, worker);
                }

                Assert.InRange(host.Report().Devices.Single().MemoryFree, 0, total);
            }
        })));

        Assert.Equal(0, host.Report().Devices.Single().Models.Sum(model => model.Replicas));
        await Eventually.TrueAsync(() => host.Report().Devices.Single().Models.IsEmpty, "that models which nobody uses are unloaded");
        Assert.Equal(total, host.Report().Devices.Single().MemoryFree);
    }

    [Fact]
    public async Task Many_that_ask_for_a_model_while_it_loads_get_one_engine()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var host = cluster.Service<ModelHost>(0);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(replica => Task.Run(() => host.AdmitAsync("default", replica, CancellationToken.None))));

        Assert.Single(Enumerable.Range(0, 16).Select(replica => host.GetEngine("default", replica)).Distinct());
    }

    [Fact]
    public async Task A_replica_that_was_not_admitted_has_no_engine()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var host = cluster.Service<ModelHost>(0);
        Assert.Throws<LlmosException>(() => host.GetEngine("default", 0));
        await host.EvictAsync("default", 0);

        await host.AdmitAsync("default", 0, CancellationToken.None);
        await host.EvictAsync("default", 0);
        Assert.Throws<LlmosException>(() => host.GetEngine("default", 0));
    }

    [Fact]
    public async Task A_file_that_the_library_refuses_is_an_error_for_all_who_asked_and_takes_no_memory()
    {
        using var folder = new TempFolder();
        var path = folder.File("cut.gguf");
        await File.WriteAllBytesAsync(path, File.ReadAllBytes(DefaultModel)[..200_000]);
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));

        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(replica => Record.ExceptionAsync(() => cluster.Replica(replica, path).AdmitAsync()).AsTask()));

        Assert.All(asked, exception => Assert.Contains(path, Assert.IsType<LlmosException>(exception).Message, StringComparison.Ordinal));
        var device = cluster.Service<ModelHost>(0).Report().Devices.Single();
        Assert.Equal(device.MemoryTotal, device.MemoryFree);
    }
}
