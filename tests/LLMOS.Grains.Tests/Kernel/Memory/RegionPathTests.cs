using LLMOS.Kernel.Memory;

namespace LLMOS.Tests.Kernel.Memory;

public sealed class RegionPathTests
{
    [Theory]
    [InlineData("/context/project-webserver")]
    [InlineData("/proc/17/context")]
    [InlineData("/context/größe")]
    public void A_path_is_a_path(string path) => RegionPath.Validate(path);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("context/x")]
    [InlineData("/context/")]
    [InlineData("/context//x")]
    [InlineData("/context/../etc")]
    [InlineData("/context/./x")]
    [InlineData("/context/a b")]
    [InlineData("/context/a\0b")]
    [InlineData("/context/a\nb")]
    public void Anything_else_is_refused(string path) =>
        Assert.Equal(LlmosErrorCode.InvalidArgument, Assert.Throws<LlmosException>(() => RegionPath.Validate(path)).Code);

    [Fact]
    public void A_path_without_end_is_refused_and_not_repeated_whole()
    {
        var error = Assert.Throws<LlmosException>(() => RegionPath.Validate("/" + new string('x', 4_096)));
        Assert.True(error.Message.Length < 400, error.Message);
    }
}
