namespace LLMOS.Tests.Running;

/// <summary>One running system for the tests of a class.</summary>
public sealed class SystemFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmos-grains-").FullName;

    internal RunningSystem System { get; private set; } = null!;

    public async ValueTask InitializeAsync() => System = await RunningSystem.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
