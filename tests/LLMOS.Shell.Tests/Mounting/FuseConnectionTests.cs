using System.Text;
using LLMOS.Shell.Mounting;

namespace LLMOS.Shell.Tests.Mounting;

/// <summary>The kernel's protocol by its bytes: what is answered to what is right, wrong, unknown, or asked for too long.</summary>
public sealed class FuseConnectionTests
{
    private const uint AtomicTruncate = 1 << 3;
    private const uint WritebackCache = 1 << 16;
    private const uint MoreFlags = 1 << 30;
    private const uint MapWithoutCache = 1 << 4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_request_agrees_on_a_version_and_on_what_both_can_do()
    {
        await using var kernel = new TestKernel(new FakeFiles());
        var newer = await kernel.SucceedAsync(FuseOpcode.Init, 0, 8u, 1u, 0u, 0u);
        Assert.Equal((7u, 31u, 64), (newer.Small(0), newer.Small(4), newer.Body.Length));
        Assert.False(kernel.Connection.Agreed.IsCompleted);

        var answer = await kernel.SucceedAsync(FuseOpcode.Init, 0, 7u, 45u, 131_072u, AtomicTruncate | WritebackCache | MoreFlags, MapWithoutCache | 1u, new byte[44]);
        Assert.Equal((7u, 31u, 131_072u, AtomicTruncate | MoreFlags, MapWithoutCache), (answer.Small(0), answer.Small(4), answer.Small(8), answer.Small(12), answer.Small(32)));
        Assert.Equal((uint)FuseProtocol.MaxWrite, answer.Small(20));
        await kernel.Connection.Agreed.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_kernel_that_is_too_old_is_named()
    {
        await using var kernel = new TestKernel(new FakeFiles());
        await kernel.FailAsync(Errno.EPROTO, FuseOpcode.Init, 0, 7u, 12u, 0u, 0u);
        var error = await Assert.ThrowsAsync<LlmosException>(() => kernel.Connection.Agreed);
        Assert.Contains("7.12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_malformed_or_unknown_is_answered_with_an_error_and_the_next_is_served()
    {
        await using var kernel = new TestKernel(new FakeFiles());
        await kernel.FailAsync(Errno.ENOSYS, (FuseOpcode)46, VfsTree.RootId, new byte[24]);
        await kernel.FailAsync(Errno.ENOSYS, (FuseOpcode)4711, VfsTree.RootId);
        foreach (var opcode in Enum.GetValues<FuseOpcode>().Except([FuseOpcode.Forget, FuseOpcode.BatchForget, FuseOpcode.Interrupt, FuseOpcode.Destroy, FuseOpcode.GetAttributes]))
        {
            // A body that is not there, on a node that is and on one that is not.
            Assert.NotEqual(Errno.EIO, (await kernel.AskAsync(opcode, VfsTree.RootId)).Error);
            Assert.NotEqual(Errno.EIO, (await kernel.AskAsync(opcode, 4711)).Error);
        }

        // Names that end nowhere, are none, too long, or no UTF-8.
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.Lookup, VfsTree.RootId, "abc"u8.ToArray());
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.Lookup, VfsTree.RootId, "..");
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.Lookup, VfsTree.RootId, "a/b");
        await kernel.FailAsync(Errno.EINVAL, FuseOpcode.Lookup, VfsTree.RootId, new byte[] { 0xFF, 0 });
        await kernel.FailAsync(Errno.ENAMETOOLONG, FuseOpcode.Lookup, VfsTree.RootId, new string('x', 256));
        await kernel.FailAsync(Errno.EBADF, FuseOpcode.Read, VfsTree.RootId, 99ul, 0ul, 1u, 0u, 0ul, 0u, 0u);

        // More said than sent, less than a header, and what nobody answers.
        var torn = TestKernel.Request(FuseOpcode.GetAttributes, 7777, VfsTree.RootId, 0u, 0u, 0ul);
        torn[0]++;
        Assert.Equal(Errno.EINVAL, (await kernel.AskAsync(7777, torn)).Error);
        kernel.Send([1, 2, 3]);
        kernel.Send(TestKernel.Request(FuseOpcode.Forget, 0, VfsTree.RootId));
        kernel.Send(TestKernel.Request(FuseOpcode.BatchForget, 0, 0, 9u, 0u, 1ul));
        kernel.Send(TestKernel.Request(FuseOpcode.Interrupt, 0, 0));
        kernel.Send(TestKernel.Request(FuseOpcode.Interrupt, 0, 0, 4711ul));

        await kernel.SucceedAsync(FuseOpcode.GetAttributes, VfsTree.RootId, 0u, 0u, 0ul);
        Assert.Empty(kernel.Reports);
    }

    [Fact]
    public async Task Requests_of_chance_are_all_answered_and_break_nothing()
    {
        var files = new FakeFiles();
        await files.WriteAsync("/a", "text");
        await using var kernel = new TestKernel(files);
        await kernel.OpenAsync(await kernel.FindAsync("/a"), (OpenFlags)2);
        var random = new Random(1);
        var opcodes = Enum.GetValues<FuseOpcode>().Except([FuseOpcode.Forget, FuseOpcode.BatchForget, FuseOpcode.Interrupt]).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            // Small numbers are numbers of nodes and handles that are there, and names are short.
            var body = new byte[random.Next(100)];
            for (var at = 0; at < body.Length; at++)
            {
                body[at] = random.Next(4) switch { 0 => (byte)random.Next(256), 1 => (byte)random.Next(4), 2 => (byte)'a', _ => 0 };
            }

            Assert.NotEqual(Errno.EIO, (await kernel.AskAsync(random.GetItems(opcodes, 1)[0], (ulong)random.Next(5), body)).Error);
            kernel.Send(TestKernel.Request(random.GetItems([FuseOpcode.BatchForget, FuseOpcode.Interrupt], 1)[0], 0, 0, body));
        }

        await kernel.SucceedAsync(FuseOpcode.GetAttributes, VfsTree.RootId, 0u, 0u, 0ul);
        Assert.All(kernel.Reports, report => Assert.Contains("was not saved", report, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_should_not_happen_is_an_error_of_that_request_and_is_reported()
    {
        await using var kernel = new TestKernel((request, _) => request.NodeId == 1 ? throw new InvalidOperationException("broken") : ValueTask.FromResult<FuseReply?>(new FuseReply()));
        await kernel.FailAsync(Errno.EIO, FuseOpcode.GetAttributes, 1);
        await kernel.SucceedAsync(FuseOpcode.GetAttributes, 2);
        Assert.Contains("broken", Assert.Single(kernel.Reports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_request_ends_and_others_are_served_meanwhile()
    {
        var files = new FakeFiles();
        await files.WriteAsync("/slow", "text");
        await using var kernel = new TestKernel(files);
        var node = await kernel.FindAsync("/slow");
        var never = new TaskCompletionSource();
        files.Reading = never.Task;
        var (unique, opening) = kernel.Begin(FuseOpcode.Open, node, 0u, 0u);
        await kernel.SucceedAsync(FuseOpcode.GetAttributes, VfsTree.RootId, 0u, 0u, 0ul);
        Assert.False(opening.IsCompleted);

        kernel.Send(TestKernel.Request(FuseOpcode.Interrupt, 0, 0, unique));
        Assert.Equal(Errno.EINTR, (await opening).Error);
        never.SetResult();
        Assert.Equal("text", await kernel.ReadAsync(node, await kernel.OpenAsync(node, OpenFlags.ReadOnly)));
    }

    [Fact]
    public async Task A_signal_makes_no_request_fail_that_is_answered_soon()
    {
        var files = new FakeFiles();
        await files.WriteAsync("/slow", "text");
        await using var kernel = new TestKernel(files);
        var node = await kernel.FindAsync("/slow");
        var soon = new TaskCompletionSource();
        files.Reading = soon.Task;
        var (unique, opening) = kernel.Begin(FuseOpcode.Open, node, 0u, 0u);
        kernel.Send(TestKernel.Request(FuseOpcode.Interrupt, 0, 0, unique));
        await kernel.SucceedAsync(FuseOpcode.GetAttributes, VfsTree.RootId, 0u, 0u, 0ul);
        soon.SetResult();
        Assert.Equal(0, (int)(await opening).Error);
    }

    [Fact]
    public async Task No_more_than_a_bounded_number_is_worked_on_at_once()
    {
        var (running, most, go) = (0, 0, new TaskCompletionSource());
        var full = new TaskCompletionSource();
        await using var kernel = new TestKernel(async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            if (Volatile.Read(ref running) == FuseProtocol.MaxConcurrent)
            {
                full.TrySetResult();
            }

            await go.Task;
            Interlocked.Decrement(ref running);
            return new FuseReply();
        });
        var asked = Enumerable.Range(0, 40).Select(_ => kernel.AskAsync(FuseOpcode.Access, 1)).ToArray();
        await full.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        go.SetResult();
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(Errno.None, answer.Error));
        Assert.Equal(FuseProtocol.MaxConcurrent, most);
    }

    [Fact]
    public async Task What_nobody_took_is_undone()
    {
        var undone = 0;
        await using var kernel = new TestKernel((_, _) => ValueTask.FromResult<FuseReply?>(new FuseReply { Undelivered = () => undone++ })) { Delivers = false };
        await kernel.SucceedAsync(FuseOpcode.Lookup, 1);
        kernel.Delivers = true;
        await kernel.SucceedAsync(FuseOpcode.Lookup, 1);
        Assert.Equal(1, undone);
    }

    [Fact]
    public void A_listing_is_cut_where_there_is_no_room()
    {
        var reply = new FuseReply();
        Assert.True(reply.TryName("a", 5, FuseAttributes.RegularFile, 1, 64));
        Assert.True(reply.TryName("Übergröße", 6, FuseAttributes.Directory, 2, 72));
        Assert.False(reply.TryName("b", 7, FuseAttributes.RegularFile, 3, 72));
        var bytes = reply.To(9)[FuseReply.HeaderLength..];
        Assert.Equal(72, bytes.Length);
        Assert.Equal(8u, BitConverter.ToUInt32(bytes[20..]));
        Assert.Equal(4u, BitConverter.ToUInt32(bytes[52..]));
        Assert.Equal("Übergröße", Encoding.UTF8.GetString(bytes.Slice(56, 12)));
    }

    [Fact]
    public void The_table_of_mounts_is_read()
    {
        const string Table = """
            22 1 0:20 / /proc rw,nosuid shared:5 - proc proc rw
            36 22 0:31 / /mnt/with\040space rw - fuse.llmos llmos rw,user_id=0
            37 22 0:31 / /a rw shared:1 master:2 - ext4 /dev/sda1 rw
            broken line
            """;
        Assert.Equal(
            [new MountEntry("/proc", "proc", "proc"), new MountEntry("/mnt/with space", "fuse.llmos", "llmos"), new MountEntry("/a", "ext4", "/dev/sda1")],
            MountEntry.Parse(Table));
    }
}
