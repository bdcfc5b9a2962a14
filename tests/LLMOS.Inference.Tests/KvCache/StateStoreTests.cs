using LLMOS.Inference.KvCache;
using LLMOS.Inference.Tests.Gguf;

namespace LLMOS.Inference.Tests.KvCache;

public sealed class StateStoreTests
{
    private static readonly StateOrigin Origin = new("a model", [.. Enumerable.Range(0, 32).Select(i => (byte)i)], "0.5.0");

    [Fact]
    public void A_state_comes_back_as_it_was()
    {
        var state = Bytes(1000);
        var read = StateFile.Read(File(Origin, 40, 70, state), Origin, "It");
        Assert.Equal((40, 70), (read.Start, read.End));
        Assert.Equal(state, read.Bytes.ToArray());
    }

    [Fact]
    public void Each_damaged_byte_and_each_missing_one_is_noticed()
    {
        var file = File(Origin, 0, 30, Bytes(100));
        for (var i = 0; i < file.Length; i++)
        {
            var damaged = file.ToArray();
            damaged[i] ^= 0x40;
            Assert.Equal(SwapFallback.Damaged, Assert.Throws<StateException>(() => StateFile.Read(damaged, Origin, "It")).Reason);
            Assert.Equal(SwapFallback.Damaged, Assert.Throws<StateException>(() => StateFile.Read(file.AsMemory(0, i), Origin, "It")).Reason);
        }
    }

    [Fact]
    public void A_state_of_another_model_or_release_is_refused_with_a_sentence()
    {
        var other = Assert.Throws<StateException>(() => StateFile.Read(File(Origin with { Model = "another", Fingerprint = new byte[32] }, 0, 3, Bytes(9)), Origin, "The file 'x'"));
        Assert.Equal(SwapFallback.Foreign, other.Reason);
        Assert.Equal("The file 'x' was saved by the model 'another', which is not the 'a model' that is loaded or keeps its KV in another way: compute the sequence again.", other.Message);
        var release = Assert.Throws<StateException>(() => StateFile.Read(File(Origin with { Release = "0.4.0" }, 0, 3, Bytes(9)), Origin, "The file 'x'"));
        Assert.Equal(SwapFallback.Foreign, release.Reason);
        Assert.Equal("The file 'x' was saved by llama.cpp v0.4.0, and this is v0.5.0: compute the sequence again.", release.Message);
    }

    [Fact]
    public void Models_of_one_shape_have_different_fingerprints_and_a_model_always_the_same()
    {
        var plain = StateOrigin.Of(TestModels.F32, fullPrecision: false, caches: 1);
        Assert.Equal(plain.Fingerprint, StateOrigin.Of(TestModels.F32, fullPrecision: false, caches: 1).Fingerprint);
        Assert.NotEqual(plain.Fingerprint, StateOrigin.Of(TestModels.F32, fullPrecision: true, caches: 1).Fingerprint);
        Assert.NotEqual(plain.Fingerprint, StateOrigin.Of(TestModels.F32, fullPrecision: false, caches: 8).Fingerprint);
        Assert.NotEqual(plain.Fingerprint, StateOrigin.Of(TestModels.Multibyte, fullPrecision: false, caches: 1).Fingerprint);
    }

    [Fact]
    public void States_are_counted_in_the_tier_they_are_in_until_their_last_user_leaves()
    {
        using var folder = new TemporaryFolder();
        using var store = Store(folder);
        var state = store.Keep(10, 50, Bytes(400));
        Assert.Equal((60, 50), (store.FreeHostCells, store.FreeDiskCells));
        Assert.Equal(SwapFallback.NoRoom, Assert.Throws<StateException>(() => store.Keep(0, 61, Bytes(1))).Reason);
        store.Spill(state);
        Assert.Equal((100, 10), (store.FreeHostCells, store.FreeDiskCells));
        Settle(store);
        Assert.Single(Spilled(folder));
        Assert.Equal(Bytes(400), ReadBack(store, state));
        StateStore.AddUser(state);
        store.Release(state);
        Assert.Equal(10, store.FreeDiskCells);
        store.Release(state);
        Assert.Equal(50, store.FreeDiskCells);
        Until(store, () => !Spilled(folder).Any());
    }

    [Fact]
    public void What_is_being_written_is_read_from_memory_and_more_than_may_wait_stays_where_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a pipe stands for a slow disk");
        using var folder = new TemporaryFolder();
        var spill = SpillFolder.Create(folder.Path);
        using var store = Store(folder, () => spill);
        var pipe = Path.Combine(spill.Path, "1.kv");
        Pipe.Make(pipe); // Writing to it waits for a reader.
        var slow = store.Keep(0, 10, Bytes(400));
        var large = store.Keep(0, 10, new byte[StateStore.MostWaiting]);
        var next = store.Keep(0, 10, Bytes(300));
        store.Spill(slow);
        store.Spill(next);
        Assert.Equal((700, 30), (store.BytesWaiting, store.FreeDiskCells));
        var tooMuch = Assert.Throws<StateException>(() => store.Spill(large));
        Assert.Equal(SwapFallback.NoRoom, tooMuch.Reason);
        Assert.Contains("700 bytes", tooMuch.Message, StringComparison.Ordinal);
        Assert.True(store.IsAtHand(slow));
        Assert.Equal(Bytes(400), StateStore.Read(slow).ToArray());
        Assert.Equal(Bytes(400), StateFile.Read(Pipe.Read(pipe), Origin, "It").Bytes.ToArray());
        Settle(store);
        Assert.True(next.IsAway);
        Assert.Equal(Bytes(300), ReadBack(store, next));
        store.Spill(large);
        Settle(store);
        Assert.Equal(20, store.FreeDiskCells);
    }

    [Fact]
    public void A_full_disk_leaves_the_state_in_memory_while_there_is_room()
    {
        Assert.SkipUnless(Directory.Exists("/dev") && System.IO.File.Exists("/dev/full"), "a device that is always full is Linux'");
        using var folder = new TemporaryFolder();
        var spill = SpillFolder.Create(folder.Path);
        using var store = Store(folder, () => spill);
        var failures = new List<(SwapFallback, bool)>();
        store.WriteFailed = (_, problem, isLost) =>
        {
            Assert.Contains(".kv", problem.Message, StringComparison.Ordinal);
            failures.Add((problem.Reason, isLost));
        };
        System.IO.File.CreateSymbolicLink(Path.Combine(spill.Path, "1.kv"), "/dev/full");
        System.IO.File.CreateSymbolicLink(Path.Combine(spill.Path, "3.kv"), "/dev/full");
        var state = store.Keep(0, 10, Bytes(400));
        store.Spill(state);
        Settle(store);
        Assert.Equal((90, 50), (store.FreeHostCells, store.FreeDiskCells));
        Assert.Equal(Bytes(400), ReadBack(store, state));
        store.Spill(state);
        Settle(store);
        Assert.Equal((100, 40), (store.FreeHostCells, store.FreeDiskCells));

        var lost = store.Overdraw(0, 10, Bytes(300));
        store.Spill(lost);
        store.Keep(0, 100, Bytes(1));
        Settle(store);
        Assert.Equal((0, 40), (store.FreeHostCells, store.FreeDiskCells));
        Assert.Equal(SwapFallback.DiskWriteFailed, Assert.Throws<StateException>(() => StateStore.Read(lost)).Reason);
        store.Release(lost);
        Assert.Equal((0, 40), (store.FreeHostCells, store.FreeDiskCells));
        Assert.Equal([(SwapFallback.DiskWriteFailed, false), (SwapFallback.DiskWriteFailed, true)], failures);
    }

    [Fact]
    public void A_folder_that_was_removed_costs_what_was_in_it_and_is_made_again()
    {
        using var folder = new TemporaryFolder();
        using var store = Store(folder);
        var gone = store.Keep(0, 10, Bytes(400));
        store.Spill(gone);
        Settle(store);
        Directory.Delete(Path.GetDirectoryName(Assert.Single(Spilled(folder)))!, recursive: true);
        Assert.Equal(SwapFallback.DiskReadFailed, Assert.Throws<StateException>(() => ReadBack(store, gone)).Reason);
        var next = store.Keep(10, 20, Bytes(500));
        store.Spill(next);
        Settle(store);
        Assert.Equal(Bytes(500), ReadBack(store, next));
        Assert.Single(Spilled(folder));
    }

    [Fact]
    public void A_folder_goes_with_its_engine_and_one_that_was_left_behind_with_the_next()
    {
        using var folder = new TemporaryFolder();
        var first = SpillFolder.Create(folder.Path);
        System.IO.File.WriteAllText(first.PathOf(1), "x");
        var abandoned = Path.Combine(folder.Path, "kv-of-one-that-was-killed");
        Directory.CreateDirectory(abandoned);
        System.IO.File.WriteAllText(Path.Combine(abandoned, "owner.lock"), "");
        System.IO.File.WriteAllText(Path.Combine(abandoned, "1.kv"), "x");
        using (SpillFolder.Create(folder.Path))
        {
            Assert.True(Directory.Exists(first.Path));
            Assert.False(Directory.Exists(abandoned));
        }
        first.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    internal static IEnumerable<string> Spilled(TemporaryFolder folder) => Directory.EnumerateFiles(folder.Path, "*.kv", SearchOption.AllDirectories);

    private static StateStore Store(TemporaryFolder folder, Func<SpillFolder>? make = null) =>
        new(100, 50, make ?? (() => SpillFolder.Create(folder.Path)), () => Origin, wake: () => { });

    private static void Settle(StateStore store) => Until(store, () => store.BytesWaiting == 0);

    private static byte[] ReadBack(StateStore store, StoredState state)
    {
        Until(store, () => store.IsAtHand(state));
        return StateStore.Read(state).ToArray();
    }

    private static void Until(StateStore store, Func<bool> condition) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            store.TakeResults();
            return condition();
        },
        TimeSpan.FromSeconds(20)));

    private static byte[] File(StateOrigin origin, int start, int end, byte[] state)
    {
        using var stream = new MemoryStream();
        StateFile.Write(stream, origin, start, end, state);
        return stream.ToArray();
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
