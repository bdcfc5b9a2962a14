using System.Globalization;
using System.Reflection.PortableExecutable;

namespace LLMOS.Silo.Tests.Hosting;

/// <summary>What is published is compiled ahead, and the runtime uses it.</summary>
public sealed class AheadOfTimeTests
{
    /// <summary>Methods that the runtime may compile in the start of a whole system; of what is not compiled ahead it is tens of thousands.</summary>
    private const int MostCompiled = 4_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("LLMOS.Silo.Tests.Child")]
    [InlineData("LLMOS.Silo")]
    [InlineData("Orleans.Runtime")]
    [InlineData("Microsoft.Data.Sqlite")]
    public void An_assembly_that_a_start_uses_is_an_image_of_machine_code(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(ChildProcess.Folder, $"{assembly}.dll")));
        Assert.True(file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0, $"{assembly} is IL alone: its target PublishAheadImages did not run");
    }

    [Fact]
    public async Task The_runtime_takes_the_images_and_compiles_little()
    {
        using var folder = new TempFolder();
        await using var child = ChildProcess.Start("kernel-drain", folder.Path);
        while (await child.ReadLineAsync(Limit) is { } line)
        {
            if (line.Split(' ') is ["compiled", var methods, "."])
            {
                Assert.InRange(int.Parse(methods, CultureInfo.InvariantCulture), 1, MostCompiled);
                return;
            }
        }

        Assert.Fail((await child.WaitAsync()).Error);
    }
}
