using System.Globalization;
using LLMOS.SystemInterface.Boot;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Tests.Child;

/// <summary>A silo in which files are written, appended to, moved, linked, rolled back and removed without end; each change is named once it is acknowledged.</summary>
internal static class FileLoop
{
    private const int Files = 6;

    private static readonly string[] Words = ["flour", "planet", "server", "yeast", "moon", "request", "oven", "telescope", "port", "dough"];

    public static async Task<int> RunAsync(string folder, int seed)
    {
        await using var host = LlmosHost.CreateBuilder(new LlmosSiloOptions { Data = folder }).Build();
        await host.StartAsync();
        await foreach (var _ in host.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest { LoadModel = false }, CancellationToken.None))
        {
            // Each stage in its turn.
        }

        var files = host.Grains.GetGrain<IVectorFsGrain>(0);
        await files.MakeDirectoryAsync("/apps/a");
        await files.MakeDirectoryAsync("/apps/b");
        await Task.WhenAll(Enumerable.Range(0, Files).Select(file => ChangeAsync(files, file, new Random(seed + file))));
        return 0;
    }

    private static async Task ChangeAsync(IVectorFsGrain files, int number, Random random)
    {
        string Place(int directory) => string.Create(CultureInfo.InvariantCulture, $"/apps/{(directory == 0 ? 'a' : 'b')}/file{number}.md");

        var paths = new[] { Place(0), Place(1) };
        var link = string.Create(CultureInfo.InvariantCulture, $"/apps/{(number % 2 == 0 ? 'a' : 'b')}/link{number}.md");
        var at = await files.StatAsync(paths[1]) is null ? 0 : 1;
        while (true)
        {
            var file = await files.StatAsync(paths[at]);
            switch (random.Next(12))
            {
                // Of the other name nothing is said: the file goes on under it when this one is removed.
                case 10 when file is not null && await files.StatAsync(link) is null:
                    await files.LinkAsync(paths[at], link);
                    break;
                case 11 when await files.StatAsync(link) is not null:
                    await files.RemoveAsync(link);
                    break;
                case 0 when file is not null:
                    await files.RemoveAsync(paths[at]);
                    Say(number, paths[at], 0);
                    break;
                case 1 when file is not null:
                    file = await files.MoveAsync(paths[at], paths[1 - at]);
                    at = 1 - at;
                    Say(number, file.Path, file.Version);
                    break;
                case 2 when file is { Version: > 1 }:
                    Say(number, paths[at], (await files.RollbackAsync(paths[at])).Version);
                    break;
                case 3 or 4:
                    Say(number, paths[at], (await files.AppendAsync(paths[at], $"\n\n{Text(random)}")).Version);
                    break;
                default:
                    Say(number, paths[at], (await files.WriteAsync(paths[at], Text(random))).Version);
                    break;
            }
        }
    }

    private static string Text(Random random) =>
        string.Join("\n\n", Enumerable.Range(0, random.Next(1, 5)).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(3, 200)).Select(_ => Words[random.Next(Words.Length)]))));

    private static void Say(int file, string path, long version) =>
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file} {path} {version}"));
}
