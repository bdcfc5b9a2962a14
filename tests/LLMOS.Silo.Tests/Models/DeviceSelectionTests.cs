using LLMOS.Silo.Models;

namespace LLMOS.Silo.Tests.Models;

public sealed class DeviceSelectionTests
{
    [Fact]
    public void Words_and_lists_are_read()
    {
        Assert.True(DeviceSelection.Parse("auto").IsAuto);
        Assert.Same(DeviceSelection.None, DeviceSelection.Parse("None"));
        Assert.Equal(
            [
                new DeviceDefinition { Name = "CUDA0", Backend = "CUDA0", IsGpu = true, MemoryBytes = 20L << 30 },
                new DeviceDefinition { Name = "small", Backend = "CPU", MemoryBytes = 512 << 20 },
            ],
            DeviceSelection.Parse("CUDA0:20G, small=CPU:512MiB").Listed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("CPU,")]
    [InlineData("=CPU")]
    [InlineData("CPU:")]
    [InlineData("CPU:-1G")]
    [InlineData("CPU:0")]
    [InlineData("CPU:lots")]
    [InlineData("CPU:99999999999T")]
    [InlineData("CPU,CPU:1G")]
    public void Anything_else_gets_a_sentence(string text)
    {
        var exception = Assert.Throws<LlmosException>(() => DeviceSelection.Parse(text));
        Assert.Equal(LlmosErrorCode.InvalidArgument, exception.Code);
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(20L << 30, "20.0 GiB")]
    [InlineData(long.MaxValue, "8388608.0 TiB")]
    public void Sizes_are_written_for_people(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));
}
