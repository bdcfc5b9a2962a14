using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Tests.SystemInterface;

public sealed class VfsPathTests
{
    [Theory]
    [InlineData("/", "/", "/")]
    [InlineData("a/b", "/", "/a/b")]
    [InlineData("../c", "/a/b", "/a/c")]
    [InlineData("./x//y/", "/a", "/a/x/y")]
    [InlineData("/a/../b/./c", "/z", "/b/c")]
    [InlineData("ein Ordner/größe.md", "/", "/ein Ordner/größe.md")]
    public void A_path_is_made_absolute(string path, string directory, string expected) => Assert.Equal(expected, VfsPath.Normalize(path, directory));

    [Fact]
    public void A_directory_holds_itself_and_what_is_below_and_not_its_namesakes()
    {
        Assert.True(VfsPath.IsWithin("/a/b", "/a"));
        Assert.True(VfsPath.IsWithin("/a", "/a"));
        Assert.True(VfsPath.IsWithin("/a", "/"));
        Assert.False(VfsPath.IsWithin("/ab", "/a"));
        Assert.Equal(("/a", "b"), (VfsPath.ParentOf("/a/b"), VfsPath.NameOf("/a/b")));
        Assert.Equal(("/", ""), (VfsPath.ParentOf("/"), VfsPath.NameOf("/")));
    }
}
