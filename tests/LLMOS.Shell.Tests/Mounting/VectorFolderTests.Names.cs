using System.Text;
using LLMOS.Shell.Mounting;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Tests.Mounting;

// Names: moved, removed while a file is open, several of one file, and symbolic ones.
public sealed partial class VectorFolderTests
{
    [Fact]
    public async Task Moving_over_a_file_writes_its_next_version()
    {
        await _files.WriteAsync("/a.md", "old");
        await using var kernel = new TestKernel(_files);
        var replaced = await kernel.FindAsync("/a.md");
        var (node, handle) = await kernel.CreateAsync(VfsTree.RootId, "a.md.tmp", WriteOnly | OpenFlags.Exclusive);
        await kernel.WriteAsync(node, handle, 0, "new"u8.ToArray());
        await kernel.FailAsync(Errno.EEXIST, FuseOpcode.Rename2, VfsTree.RootId, VfsTree.RootId, 1u, 0u, "a.md.tmp", "a.md");
        await kernel.SucceedAsync(FuseOpcode.Rename, VfsTree.RootId, VfsTree.RootId, "a.md.tmp", "a.md");

        Assert.Equal(["old", "new"], _files.VersionsOf("/a.md"));
        Assert.Empty(_files.VersionsOf("/a.md.tmp"));
        Assert.Equal(node, await kernel.FindAsync("/a.md"));
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.GetAttributes, replaced, 0u, 0u, 0ul);

        // What is written after that through the old name's handle is the new name's.
        await kernel.WriteAsync(node, handle, 3, "er"u8.ToArray());
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Equal(["old", "new", "newer"], _files.VersionsOf("/a.md"));
    }

    [Fact]
    public async Task Directories_are_made_moved_and_removed_as_programs_expect()
    {
        await using var kernel = new TestKernel(_files);
        var a = (await kernel.SucceedAsync(FuseOpcode.MakeDirectory, VfsTree.RootId, 0u, 0u, "a")).Number(0);
        await kernel.FailAsync(Errno.EEXIST, FuseOpcode.MakeDirectory, VfsTree.RootId, 0u, 0u, "a");
        await kernel.SucceedAsync(FuseOpcode.MakeNode, a, FuseAttributes.RegularFile, 0u, 0u, 0u, "file");
        await kernel.FailAsync(Errno.EEXIST, FuseOpcode.MakeNode, a, FuseAttributes.RegularFile, 0u, 0u, 0u, "file");
        await kernel.FailAsync(Errno.EPERM, FuseOpcode.MakeNode, a, 0x1000u, 0u, 0u, 0u, "pipe");
        await kernel.FailAsync(Errno.ENOTEMPTY, FuseOpcode.RemoveDirectory, VfsTree.RootId, "a");
        await kernel.SucceedAsync(FuseOpcode.MakeDirectory, VfsTree.RootId, 0u, 0u, "b");
        await kernel.SucceedAsync(FuseOpcode.Rename, VfsTree.RootId, VfsTree.RootId, "a", "b");
        await kernel.FindAsync("/b/file");
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.Lookup, VfsTree.RootId, "a");
        await kernel.FailAsync(Errno.ENOTDIR, FuseOpcode.Lookup, await kernel.FindAsync("/b/file"), "x");

        await _files.WriteAsync("/f", "");
        await kernel.FailAsync(Errno.EISDIR, FuseOpcode.Rename, VfsTree.RootId, VfsTree.RootId, "f", "b");
        await kernel.FailAsync(Errno.ENOTDIR, FuseOpcode.Rename, VfsTree.RootId, VfsTree.RootId, "b", "f");
        await kernel.SucceedAsync(FuseOpcode.Unlink, a, "file");
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.Unlink, a, "file");
        await kernel.SucceedAsync(FuseOpcode.RemoveDirectory, VfsTree.RootId, "b");
        Assert.Equal([".", "..", ".search", "f"], await kernel.ListAsync(VfsTree.RootId));
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.MakeDirectory, VfsTree.RootId, 0u, 0u, "line\nend");
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.Lookup, VfsTree.RootId, "line\nend");
    }

    [Fact]
    public async Task A_file_that_is_removed_while_it_is_open_is_not_brought_back()
    {
        await _files.WriteAsync("/a", "text");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/a");
        var handle = await kernel.OpenAsync(node, ReadWrite);
        await kernel.SucceedAsync(FuseOpcode.Unlink, VfsTree.RootId, "a");
        Assert.Equal("text", await kernel.ReadAsync(node, handle));
        await kernel.WriteAsync(node, handle, 4, "more"u8.ToArray(), ReadWrite);
        Assert.Equal(8ul, await SizeAsync(kernel, node));
        Assert.Equal(0u, await LinksAsync(kernel, node));

        // What nobody will save may be anything, and whoever opens it through the handle has the same.
        await kernel.WriteAsync(node, handle, 8, [0, 1], ReadWrite);
        var again = await kernel.OpenAsync(node, ReadWrite);
        Assert.Equal("textmore\0\u0001", await kernel.ReadAsync(node, again));
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, again));
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Empty(_files.VersionsOf("/a"));
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.GetAttributes, node, 0u, 0u, 0ul);
        Assert.Empty(kernel.Reports);
    }

    [Fact]
    public async Task What_is_written_through_a_name_that_was_removed_is_the_files_under_its_other_names()
    {
        await _files.WriteAsync("/a", "text");
        await _files.LinkAsync("/a", "/b");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/a");
        var handle = await kernel.OpenAsync(node, ReadWrite);
        await kernel.WriteAsync(node, handle, 4, " before"u8.ToArray(), ReadWrite);
        await kernel.SucceedAsync(FuseOpcode.Unlink, VfsTree.RootId, "a");
        await kernel.WriteAsync(node, handle, 11, " and after"u8.ToArray(), ReadWrite);
        Assert.Equal((21ul, 1u), (await SizeAsync(kernel, node), await LinksAsync(kernel, node)));
        await kernel.SucceedAsync(FuseOpcode.Sync, node, handle, 0u, 0u);
        Assert.Equal("text before and after", _files.VersionsOf("/b")[^1]);
        await kernel.SucceedAsync(FuseOpcode.SetAttributes, node, Resize(4, handle));
        await kernel.SucceedAsync(FuseOpcode.Flush, node, handle, 0u, 0u, 0ul);
        Assert.Equal("text", _files.VersionsOf("/b")[^1]);

        // The other name is moved over: the inode has another content from then on, and this one has no name.
        await _files.WriteAsync("/new", "new");
        await kernel.SucceedAsync(FuseOpcode.Rename, VfsTree.RootId, VfsTree.RootId, "new", "b");
        await kernel.WriteAsync(node, handle, 4, " of nobody"u8.ToArray(), ReadWrite);
        Assert.Equal("text of nobody", await kernel.ReadAsync(node, handle));
        Assert.Equal(0u, await LinksAsync(kernel, node));
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Equal("new", await _files.ReadAsync("/b"));
        Assert.Empty(_files.VersionsOf("/a"));
        Assert.Empty(kernel.Reports);
    }

    [Fact]
    public async Task Names_of_one_file_are_one_inode_with_a_count_and_show_what_was_saved_under_another()
    {
        await _files.WriteAsync("/a", "first");
        await using var kernel = new TestKernel(_files);
        var a = await kernel.FindAsync("/a");
        var handle = await kernel.OpenAsync(a, WriteOnly | OpenFlags.Append);
        await kernel.WriteAsync(a, handle, 5, " and more"u8.ToArray(), WriteOnly | OpenFlags.Append);

        // What is not saved yet is saved first.
        var linked = await kernel.SucceedAsync(FuseOpcode.Link, VfsTree.RootId, a, "b");
        var b = linked.Number(0);
        Assert.NotEqual(a, b);
        Assert.Equal("first and more", await kernel.ReadAsync(a, handle));
        Assert.Equal((2, a), Assert.Single(kernel.Told));
        Assert.Equal((2u, 14ul), (linked.Small(104), linked.Number(48)));
        Assert.Equal(linked.Number(40), (await kernel.SucceedAsync(FuseOpcode.GetAttributes, a, 0u, 0u, 0ul)).Number(16));
        Assert.Equal("first and more", await kernel.ReadAsync(b, await kernel.OpenAsync(b, OpenFlags.ReadOnly)));
        await kernel.CloseAsync(a, handle);

        handle = await kernel.OpenAsync(b, WriteOnly | OpenFlags.Truncate);
        await kernel.WriteAsync(b, handle, 0, "by the other"u8.ToArray());
        await kernel.CloseAsync(b, handle);
        Assert.Equal("by the other", await kernel.ReadAsync(a, await kernel.OpenAsync(a, OpenFlags.ReadOnly)));

        // Moving one name over the other does nothing, as rename(2) says; moving over one of several replaces that name alone.
        await kernel.SucceedAsync(FuseOpcode.Rename, VfsTree.RootId, VfsTree.RootId, "a", "b");
        Assert.Equal(["/a", "/b"], await _files.GetPathsAsync("/a"));
        a = await kernel.FindAsync("/a");
        await _files.WriteAsync("/c", "another file");
        await kernel.FindAsync("/c");
        await kernel.SucceedAsync(FuseOpcode.Rename, VfsTree.RootId, VfsTree.RootId, "c", "b");
        Assert.Equal(("another file", "by the other"), (await _files.ReadAsync("/b"), await _files.ReadAsync("/a")));

        await kernel.FailAsync(Errno.EEXIST, FuseOpcode.Link, VfsTree.RootId, a, "b");
        await kernel.FailAsync(Errno.EPERM, FuseOpcode.Link, VfsTree.RootId, VfsTree.RootId, "root");
        await kernel.SucceedAsync(FuseOpcode.Link, VfsTree.RootId, a, "d");
        await kernel.SucceedAsync(FuseOpcode.Unlink, VfsTree.RootId, "a");
        Assert.Equal("by the other", await _files.ReadAsync("/d"));
    }

    [Fact]
    public async Task A_symbolic_link_is_read_as_it_was_made_and_an_absolute_one_of_VectorFS_leads_into_the_folder()
    {
        await _files.MakeDirectoryAsync("/apps");
        await _files.WriteAsync("/apps/a", "text");
        await using var kernel = new TestKernel(_files, "/mnt/vfs");
        var apps = await kernel.FindAsync("/apps");
        var link = await kernel.SucceedAsync(FuseOpcode.SymbolicLink, apps, "link", "a");
        Assert.Equal(FuseAttributes.SymbolicLink, link.Small(100) & FuseAttributes.KindMask);
        Assert.Equal("a", await TargetAsync(link.Number(0)));
        await kernel.SucceedAsync(FuseOpcode.SymbolicLink, apps, "inside", "/mnt/vfs/apps/a");
        Assert.Equal("/apps/a", (await _files.StatAsync("/apps/inside", followLink: false))!.Target);
        Assert.Equal("../apps/a", await TargetAsync(await kernel.FindAsync("/apps/inside")));
        await _files.LinkSymbolicallyAsync("/", "/apps/root");
        Assert.Equal("../", await TargetAsync(await kernel.FindAsync("/apps/root")));

        await kernel.FailAsync(Errno.EPERM, FuseOpcode.SymbolicLink, apps, "out", "/etc/passwd");
        Assert.Contains("/apps/out was not made: a link to '/etc/passwd' leads out of the folder", Assert.Single(kernel.Reports), StringComparison.Ordinal);
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.SymbolicLink, apps, "up", "../../../etc");
        await kernel.FailAsync(Errno.ELOOP, FuseOpcode.SymbolicLink, apps, "self", "self");
        await kernel.FailAsync(Errno.EEXIST, FuseOpcode.SymbolicLink, apps, "a", "b");
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.SymbolicLink, apps, "nothing", "");
        await kernel.FailAsync(Errno.ENAMETOOLONG, FuseOpcode.SymbolicLink, apps, "long", new string('x', VfsPath.MaxLength + 1));
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.ReadLink, await kernel.FindAsync("/apps/a"));
        await kernel.FailAsync(Errno.ENOTDIR, FuseOpcode.OpenDirectory, await kernel.FindAsync("/apps/link"), 0u, 0u);
        await kernel.SucceedAsync(FuseOpcode.Rename, apps, VfsTree.RootId, "inside", "moved");
        Assert.Equal("apps/a", await TargetAsync(await kernel.FindAsync("/moved")));
        await kernel.SucceedAsync(FuseOpcode.Unlink, apps, "link");
        Assert.Equal("text", await _files.ReadAsync("/apps/a"));

        async Task<string> TargetAsync(ulong node) => Encoding.UTF8.GetString((await kernel.SucceedAsync(FuseOpcode.ReadLink, node)).Body);
    }
}
