using System.Text;
using LLMOS.Shell.Mounting;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Tests.Mounting;

/// <summary>What programs do with files, asked as the kernel asks it, and what becomes of it in VectorFS.</summary>
public sealed partial class VectorFolderTests
{
    private const OpenFlags WriteOnly = (OpenFlags)1;
    private const OpenFlags ReadWrite = (OpenFlags)2;

    private readonly FakeFiles _files = new();

    [Fact]
    public async Task A_new_file_is_one_version_made_when_it_is_closed_and_seen_before()
    {
        await using var kernel = new TestKernel(_files);
        var (node, handle) = await kernel.CreateAsync(VfsTree.RootId, "new.md");
        Assert.Equal(Errno.None, (await kernel.WriteAsync(node, handle, 0, "hello "u8.ToArray())).Error);
        Assert.Equal(Errno.None, (await kernel.WriteAsync(node, handle, 6, "wörld"u8.ToArray())).Error);

        Assert.Empty(_files.VersionsOf("/new.md"));
        Assert.Equal([".", "..", ".search", "new.md"], await kernel.ListAsync(VfsTree.RootId));
        Assert.Equal(node, await kernel.FindAsync("/new.md"));
        Assert.Equal(12ul, await SizeAsync(kernel, node));
        Assert.Equal("hello wörld", await kernel.ReadAsync(node, await kernel.OpenAsync(node, OpenFlags.ReadOnly)));

        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Equal(["hello wörld"], _files.VersionsOf("/new.md"));
    }

    [Fact]
    public async Task A_save_is_one_version_and_reading_or_closing_again_is_none()
    {
        await _files.WriteAsync("/a", "before");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/a");
        var reader = await kernel.OpenAsync(node, OpenFlags.ReadOnly);
        Assert.Equal("before", await kernel.ReadAsync(node, reader));

        var writer = await kernel.OpenAsync(node, WriteOnly | OpenFlags.Truncate);
        await kernel.WriteAsync(node, writer, 0, "after"u8.ToArray());
        await kernel.SucceedAsync(FuseOpcode.Flush, node, reader, 0u, 0u, 0ul);
        Assert.Equal(["before"], _files.VersionsOf("/a"));
        await kernel.SucceedAsync(FuseOpcode.Sync, node, writer, 0u, 0u);
        Assert.Equal(["before", "after"], _files.VersionsOf("/a"));

        Assert.Equal(Errno.None, await kernel.CloseAsync(node, writer));
        Assert.Equal("after", await kernel.ReadAsync(node, reader));
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, reader));
        Assert.Equal(["before", "after"], _files.VersionsOf("/a"));
    }

    [Fact]
    public async Task A_file_that_is_made_or_emptied_and_closed_once_before_it_is_written_is_one_version()
    {
        await using var kernel = new TestKernel(_files);
        var (node, handle) = await kernel.CreateAsync(VfsTree.RootId, "a");
        await kernel.SucceedAsync(FuseOpcode.Flush, node, handle, 0u, 0u, 0ul);
        await kernel.WriteAsync(node, handle, 0, "one"u8.ToArray());
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        handle = await kernel.OpenAsync(node, WriteOnly | OpenFlags.Truncate);
        await kernel.SucceedAsync(FuseOpcode.Flush, node, handle, 0u, 0u, 0ul);
        await kernel.WriteAsync(node, handle, 0, "two"u8.ToArray());
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Equal(["one", "two"], _files.VersionsOf("/a"));

        // With nothing written that is what was meant.
        await kernel.CloseAsync(node, await kernel.OpenAsync(node, WriteOnly | OpenFlags.Truncate));
        Assert.Equal(["one", "two", ""], _files.VersionsOf("/a"));
        (node, handle) = await kernel.CreateAsync(VfsTree.RootId, "b");
        await kernel.CloseAsync(node, handle);
        Assert.Equal([""], _files.VersionsOf("/b"));
    }

    [Fact]
    public async Task What_is_appended_goes_to_the_end_of_what_others_wrote_meanwhile()
    {
        await _files.WriteAsync("/log", "one\n");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/log");
        var handle = await kernel.OpenAsync(node, WriteOnly | OpenFlags.Append);
        await _files.AppendAsync("/log", "two\n");
        await kernel.WriteAsync(node, handle, 4, "three\n"u8.ToArray(), WriteOnly | OpenFlags.Append);
        await kernel.SucceedAsync(FuseOpcode.Flush, node, handle, 0u, 0u, 0ul);

        Assert.Equal("one\ntwo\nthree\n", _files.VersionsOf("/log")[^1]);
        Assert.Equal("one\ntwo\nthree\n", await kernel.ReadAsync(node, handle));
    }

    [Fact]
    public async Task An_edit_in_the_middle_does_not_undo_what_somebody_else_wrote()
    {
        await _files.WriteAsync("/a", "0123456789");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/a");
        var handle = await kernel.OpenAsync(node, ReadWrite);
        await kernel.WriteAsync(node, handle, 3, "xyz"u8.ToArray(), ReadWrite);
        await kernel.WriteAsync(node, handle, 10, "!"u8.ToArray(), ReadWrite);
        Assert.Equal("012xyz6789!", await kernel.ReadAsync(node, handle));
        Assert.Equal(11ul, await SizeAsync(kernel, node));
        Assert.Equal(11ul, (await kernel.SucceedAsync(FuseOpcode.Lookup, VfsTree.RootId, "a")).Number(48));
        await _files.WriteAsync("/a", "other");

        Assert.Equal(Errno.ESTALE, await kernel.CloseAsync(node, handle));
        Assert.Equal(["0123456789", "other"], _files.VersionsOf("/a"));
        Assert.Contains("/a was not saved", Assert.Single(kernel.Reports), StringComparison.Ordinal);
        Assert.Equal("other", await kernel.ReadAsync(node, await kernel.OpenAsync(node, OpenFlags.ReadOnly)));
    }

    [Fact]
    public async Task What_is_no_text_or_too_long_is_refused_and_no_part_of_it_is_kept()
    {
        await using var kernel = new TestKernel(_files);
        var (zero, zeroHandle) = await kernel.CreateAsync(VfsTree.RootId, "zero");
        await kernel.WriteAsync(zero, zeroHandle, 0, "text"u8.ToArray());
        Assert.Equal(Errno.EINVAL, (await kernel.WriteAsync(zero, zeroHandle, 4, [0, 1, 2])).Error);
        Assert.Equal(Errno.EINVAL, await kernel.CloseAsync(zero, zeroHandle));

        var (half, halfHandle) = await kernel.CreateAsync(VfsTree.RootId, "half");
        await kernel.WriteAsync(half, halfHandle, 0, [.. "text"u8, 0xC3]);
        Assert.Equal(Errno.EINVAL, await kernel.CloseAsync(half, halfHandle));

        var (large, largeHandle) = await kernel.CreateAsync(VfsTree.RootId, "large");
        Assert.Equal(Errno.None, (await kernel.WriteAsync(large, largeHandle, IVectorFsGrain.MaxContent - 4, "text"u8.ToArray())).Error);
        Assert.Equal(Errno.EFBIG, (await kernel.WriteAsync(large, largeHandle, IVectorFsGrain.MaxContent, "t"u8.ToArray())).Error);
        Assert.Equal(Errno.EFBIG, (await kernel.WriteAsync(large, largeHandle, ulong.MaxValue, "tt"u8.ToArray())).Error);
        Assert.Equal(Errno.EFBIG, await kernel.CloseAsync(large, largeHandle));

        Assert.Equal([".", "..", ".search"], await kernel.ListAsync(VfsTree.RootId));
        Assert.Equal(3, kernel.Reports.Count);
    }

    [Fact]
    public async Task A_character_in_two_writes_and_a_mark_at_the_beginning_stay_as_they_are()
    {
        await using var kernel = new TestKernel(_files);
        var (node, handle) = await kernel.CreateAsync(VfsTree.RootId, "a");
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. "é"u8];
        await kernel.WriteAsync(node, handle, 0, bytes[..4]);
        await kernel.WriteAsync(node, handle, 4, bytes[4..]);
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Equal(["\uFEFFé"], _files.VersionsOf("/a"));
    }

    [Fact]
    public async Task A_file_is_cut_by_its_path_and_by_a_handle()
    {
        await _files.WriteAsync("/a", "0123456789");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/a");
        await kernel.SucceedAsync(FuseOpcode.SetAttributes, node, Resize(4));
        Assert.Equal("0123", _files.VersionsOf("/a")[^1]);

        var handle = await kernel.OpenAsync(node, ReadWrite);
        await kernel.SucceedAsync(FuseOpcode.SetAttributes, node, Resize(2, handle));
        Assert.Equal(2, _files.VersionsOf("/a").Count);
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Equal("01", _files.VersionsOf("/a")[^1]);

        // Zeros that fill it up would be no text; a mode or a time is VectorFS's own.
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.SetAttributes, node, Resize(9));
        await kernel.FailAsync(Errno.EFBIG, FuseOpcode.SetAttributes, node, Resize(ulong.MaxValue));
        await kernel.SucceedAsync(FuseOpcode.SetAttributes, node, 1u, 0u, new byte[80]);
        Assert.Equal("01", _files.VersionsOf("/a")[^1]);
    }

    [Fact]
    public async Task A_long_directory_is_listed_whole_in_pieces()
    {
        var names = Enumerable.Range(0, 1234).Select(i => $"file-{i:0000}").ToArray();
        foreach (var name in names)
        {
            await _files.WriteAsync("/" + name, "");
        }

        await using var kernel = new TestKernel(_files);
        Assert.Equal([".", "..", ".search", .. names], await kernel.ListAsync(VfsTree.RootId, 1000));
    }

    [Fact]
    public async Task A_search_is_a_folder_of_links_in_the_order_of_the_ranking()
    {
        _files.Found =
        [
            new FileMatch("/knowledge/facts/bread.md", NodeKind.File, 3, "Knead", 0.9f),
            new FileMatch("/apps", NodeKind.Directory, 0, "", 0.5f),
            new FileMatch("/apps/" + new string('ü', 127), NodeKind.File, 1, "", 0.4f),
        ];
        await using var kernel = new TestKernel(_files);
        Assert.Equal([".", ".."], await kernel.ListAsync(await kernel.FindAsync("/.search")));
        var folder = await kernel.FindAsync("/.search/how to bake");
        Assert.Equal(0, _files.Searches);
        Assert.Equal([".", "..", "01-bread.md", "02-apps", "03-" + new string('ü', 126)], await kernel.ListAsync(folder));

        var link = await kernel.FindAsync("/.search/how to bake/01-bread.md");
        Assert.Equal("../../knowledge/facts/bread.md", Encoding.UTF8.GetString((await kernel.SucceedAsync(FuseOpcode.ReadLink, link)).Body));
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.Lookup, folder, "04-more");
        Assert.Equal(1, _files.Searches);

        // What is found now is shown to whoever lists it now; of nothing found it is an empty folder.
        _files.Found = [];
        Assert.Equal([".", ".."], await kernel.ListAsync(folder));

        // What programs look for anywhere is no question, and nothing can be put there.
        var root = await kernel.FindAsync("/.search");
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.Lookup, root, ".git");
        await kernel.FailAsync(Errno.ENOENT, FuseOpcode.Lookup, root, " ");
        await kernel.FailAsync(Errno.EROFS, FuseOpcode.Create, folder, 1u, 0u, 0u, 0u, "x");
        await kernel.FailAsync(Errno.EROFS, FuseOpcode.Unlink, folder, "01-bread.md");
        await kernel.FailAsync(Errno.EROFS, FuseOpcode.RemoveDirectory, VfsTree.RootId, ".search");
        await kernel.FailAsync(Errno.EROFS, FuseOpcode.Access, folder, 2u, 0u);
    }

    [Fact]
    public async Task What_stat_does_not_show_is_in_extended_attributes()
    {
        await _files.WriteAsync("/a", "one");
        await _files.WriteAsync("/a", "two");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/a");
        var names = Encoding.UTF8.GetString((await kernel.SucceedAsync(FuseOpcode.ListExtendedAttributes, node, 4096u, 0u)).Body).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        string[] values = ["/a", "owner", "1970-01-01T00:00:00.0000000+00:00", "false", "2", "somebody", "written"];
        Assert.Equal(
            ["user.llmos.path", "user.llmos.owner", "user.llmos.created", "user.llmos.shared", "user.llmos.version", "user.llmos.author", "user.llmos.change"],
            names);
        foreach (var (name, value) in names.Zip(values))
        {
            Assert.Equal(value, Encoding.UTF8.GetString((await kernel.SucceedAsync(FuseOpcode.GetExtendedAttribute, node, 64u, 0u, name)).Body));
        }

        Assert.Equal(5u, (await kernel.SucceedAsync(FuseOpcode.GetExtendedAttribute, node, 0u, 0u, "user.llmos.owner")).Small(0));
        await kernel.FailAsync(Errno.ERANGE, FuseOpcode.GetExtendedAttribute, node, 2u, 0u, "user.llmos.owner");
        await kernel.FailAsync(Errno.ENODATA, FuseOpcode.GetExtendedAttribute, node, 64u, 0u, "security.capability");
        await kernel.FailAsync(Errno.ENODATA, FuseOpcode.GetExtendedAttribute, VfsTree.RootId, 64u, 0u, "user.llmos.version");

        await kernel.SucceedAsync(FuseOpcode.SetExtendedAttribute, node, 4u, 0u, "user.llmos.shared", "true"u8.ToArray());
        Assert.True((await _files.StatAsync("/a"))!.IsShared);
        await kernel.FailAsync(Errno.EPERM, FuseOpcode.SetExtendedAttribute, node, 1u, 0u, "user.llmos.version", "1"u8.ToArray());
        await kernel.FailAsync(Errno.EOPNOTSUPP, FuseOpcode.SetExtendedAttribute, node, 1u, 0u, "user.mine", "1"u8.ToArray());
    }

    [Theory]
    [InlineData(LlmosErrorCode.NotFound, nameof(Errno.ENOENT))]
    [InlineData(LlmosErrorCode.PermissionDenied, nameof(Errno.EACCES))]
    [InlineData(LlmosErrorCode.ResourceExhausted, nameof(Errno.EDQUOT))]
    [InlineData(LlmosErrorCode.Unavailable, nameof(Errno.EIO))]
    [InlineData(LlmosErrorCode.Internal, nameof(Errno.EIO))]
    public async Task An_error_of_VectorFS_is_one_of_Linux_and_the_next_request_is_served(LlmosErrorCode code, string name)
    {
        var errno = Enum.Parse<Errno>(name);
        await using var kernel = new TestKernel(_files);
        var (node, handle) = await kernel.CreateAsync(VfsTree.RootId, "a");
        await kernel.WriteAsync(node, handle, 0, "text"u8.ToArray());
        _files.Failing = new LlmosException(code, "It does not go.");
        await kernel.FailAsync(errno, FuseOpcode.GetAttributes, VfsTree.RootId, 0u, 0u, 0ul);
        await kernel.FailAsync(errno, FuseOpcode.Flush, node, handle, 0u, 0u, 0ul);
        Assert.Equal("/a was not saved: It does not go.", Assert.Single(kernel.Reports));

        _files.Failing = null;
        Assert.Equal(Errno.None, await kernel.CloseAsync(node, handle));
        Assert.Equal(["text"], _files.VersionsOf("/a"));
    }

    [Fact]
    public async Task What_was_written_and_not_closed_is_saved_when_the_folder_is_taken_away()
    {
        await using var kernel = new TestKernel(_files);
        var (bad, badHandle) = await kernel.CreateAsync(VfsTree.RootId, "bad");
        await kernel.WriteAsync(bad, badHandle, 0, [0]);
        var (node, handle) = await kernel.CreateAsync(VfsTree.RootId, "good");
        await kernel.WriteAsync(node, handle, 0, "kept"u8.ToArray());
        await kernel.Folder!.SaveAllAsync();
        Assert.Equal(["kept"], _files.VersionsOf("/good"));
        Assert.Empty(_files.VersionsOf("/bad"));
    }

    [Fact]
    public async Task What_others_do_is_seen()
    {
        await _files.WriteAsync("/a", "one");
        await using var kernel = new TestKernel(_files);
        var node = await kernel.FindAsync("/a");
        var handle = await kernel.OpenAsync(node, OpenFlags.ReadOnly);
        await _files.AppendAsync("/a", "two");

        // As tail -f does: it looks how long the file is, and reads what is new.
        Assert.Equal(6ul, await SizeAsync(kernel, node));
        Assert.Equal("two", await kernel.ReadAsync(node, handle, 3));
        await _files.RemoveAsync("/a");
        await _files.MakeDirectoryAsync("/a");
        Assert.NotEqual(node, await kernel.FindAsync("/a"));
    }

    private static async Task<ulong> SizeAsync(TestKernel kernel, ulong node) =>
        (await kernel.SucceedAsync(FuseOpcode.GetAttributes, node, 0u, 0u, 0ul)).Number(24);

    private static async Task<uint> LinksAsync(TestKernel kernel, ulong node) =>
        (await kernel.SucceedAsync(FuseOpcode.GetAttributes, node, 0u, 0u, 0ul)).Small(80);

    private static object[] Resize(ulong size, ulong? handle = null) => [(1u << 3) | (handle is null ? 0 : 1u << 6), 0u, handle ?? 0, size, new byte[64]];
}
