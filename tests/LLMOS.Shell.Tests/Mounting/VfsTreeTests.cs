using LLMOS.Shell.Mounting;

namespace LLMOS.Shell.Tests.Mounting;

/// <summary>Which path a number means, and how long.</summary>
public sealed class VfsTreeTests
{
    private readonly VfsTree _tree = new();

    [Fact]
    public void A_number_is_kept_until_it_is_forgotten_as_often_as_it_was_told()
    {
        var directory = _tree.LookUp(_tree.Root, "a", VfsNodeKind.Directory);
        var file = _tree.LookUp(directory, "b", VfsNodeKind.File);
        Assert.Same(file, _tree.LookUp(directory, "b", VfsNodeKind.File));
        Assert.Equal("/a/b", _tree.PathOf(file));
        Assert.Equal("/", _tree.PathOf(_tree.Root));

        _tree.Forget(file.Id, 1);
        Assert.Same(file, _tree.Get(file.Id));

        // The directory is needed by what is in it, although it was forgotten first.
        _tree.Forget(directory.Id, 1);
        Assert.Equal("/a/b", _tree.PathOf(file));
        _tree.Forget(file.Id, 5);
        Assert.Equal(1, _tree.Count);
        Assert.Equal(Errno.ESTALE, Assert.Throws<ErrnoException>(() => _tree.Get(file.Id)).Errno);

        // The root is never forgotten, and an unknown number does no harm.
        _tree.Forget(VfsTree.RootId, 99);
        _tree.Forget(4711, 1);
        Assert.Same(_tree.Root, _tree.Get(VfsTree.RootId));
    }

    [Fact]
    public void A_number_is_never_used_twice()
    {
        var first = _tree.LookUp(_tree.Root, "a", VfsNodeKind.File);
        _tree.Forget(first.Id, 1);
        Assert.NotEqual(first.Id, _tree.LookUp(_tree.Root, "a", VfsNodeKind.File).Id);

        // What is a directory now was another thing when it was a file.
        var file = _tree.LookUp(_tree.Root, "b", VfsNodeKind.File);
        var directory = _tree.LookUp(_tree.Root, "b", VfsNodeKind.Directory);
        Assert.NotEqual(file.Id, directory.Id);
        Assert.Null(_tree.PathOf(file));
        Assert.Equal("/b", _tree.PathOf(directory));
    }

    [Fact]
    public void What_is_moved_takes_what_is_in_it_along_and_what_was_there_is_gone()
    {
        var from = _tree.LookUp(_tree.Root, "from", VfsNodeKind.Directory);
        var file = _tree.LookUp(from, "file", VfsNodeKind.File);
        var to = _tree.LookUp(_tree.Root, "to", VfsNodeKind.Directory);
        var there = _tree.LookUp(to, "new", VfsNodeKind.Directory);

        _tree.Move(from, to, "new");

        Assert.Equal("/to/new/file", _tree.PathOf(file));
        Assert.Null(_tree.PathOf(there));
        Assert.Null(_tree.Child(_tree.Root, "from"));
        Assert.Same(there, _tree.Get(there.Id));
        _tree.Forget(there.Id, 1);
        Assert.Same(from, _tree.Child(to, "new"));
    }

    [Fact]
    public void An_open_file_is_kept_and_one_that_was_never_saved_goes_with_its_last_holder()
    {
        var file = _tree.LookUp(_tree.Root, "a", VfsNodeKind.File);
        var open = _tree.Acquire(file);
        Assert.Same(open, _tree.Acquire(file));
        open.Begin(exclusive: false, DateTimeOffset.UnixEpoch);
        _tree.Forget(file.Id, 1);
        _tree.Release(file);
        Assert.Equal("/a", _tree.PathOf(file));
        Assert.Equal([file], _tree.Opened());

        _tree.Release(file);
        Assert.Null(_tree.Child(_tree.Root, "a"));
        Assert.Equal(1, _tree.Count);
    }
}
