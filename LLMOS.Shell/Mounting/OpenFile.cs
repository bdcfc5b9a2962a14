using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>
/// The content of a file that is open, shared by all who have it open, so that each sees what another wrote. What was written becomes
/// one version when it is saved. Use it while holding <see cref="Gate"/>.
/// </summary>
internal sealed class OpenFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _content = [];
    private int _length;
    private int _appendedFrom;
    private OpenFileChange _change;
    private ErrnoException? _refused;
    private bool _exclusive;

    /// <summary>Lets one request at a time to the content.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>How many have it open; <see cref="VfsTree"/> counts them.</summary>
    public int Holders { get; set; }

    /// <summary>Bytes of the content.</summary>
    public int Length => _length;

    /// <summary>The version that the content is of; null before any was read.</summary>
    public long? Version { get; private set; }

    /// <summary>Whether VectorFS has no such file yet.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Whether VectorFS is known to have a newer version than the one that was read.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>What tells the file from all others in VectorFS; 0 before VectorFS has it.</summary>
    public long Inode { get; private set; }

    /// <summary>How many names it has. One that has none any more is there for those who have it open, and goes with the last of them.</summary>
    public int Links { get; private set; } = 1;

    /// <summary>When a program last changed it here.</summary>
    public DateTimeOffset Changed { get; private set; }

    public bool NeedsSaving => IsNew || _change != OpenFileChange.None;

    /// <summary>Whether it is saved by adding to whatever is there.</summary>
    public bool IsAppended => _change == OpenFileChange.Appended;

    /// <summary>The version that saving may replace; null for whichever is there.</summary>
    public long? Expected { get; private set; }

    /// <summary>Begins a file that VectorFS does not have.</summary>
    /// <param name="exclusive">Whether it is an error when somebody else makes it meanwhile.</param>
    /// <param name="now">The time.</param>
    public void Begin(bool exclusive, DateTimeOffset now)
    {
        (IsNew, _exclusive, Changed) = (true, exclusive, now);

        // Nothing was written yet: if it is there by then, somebody else's content is not replaced by none.
        Expected = 0;
    }

    /// <summary>Takes the content of a version.</summary>
    public void Load(string text, FileNode file)
    {
        _content = Encoding.UTF8.GetBytes(text);
        _length = _content.Length;
        Took(file);
    }

    /// <summary>Hears what VectorFS has.</summary>
    public void Saw(FileNode file)
    {
        IsOutdated |= Version is { } mine && mine != file.Version;
        (Inode, Links) = (file.Inode, file.Links);
    }

    /// <summary>Hears that the name it was opened by is gone, and under how many others it goes on.</summary>
    public void LostName(int others) => Links = others;

    public ReadOnlySpan<byte> Read(ulong offset, uint count) =>
        offset >= (ulong)_length ? [] : _content.AsSpan((int)offset, (int)Math.Min(count, (ulong)_length - offset));

    /// <exception cref="ErrnoException">It would be too long, or no text.</exception>
    public void Write(ulong offset, ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Admit(offset, bytes);
        if (_change != OpenFileChange.Rewritten)
        {
            Edit();
        }

        Put((int)offset, bytes, now);
    }

    /// <exception cref="ErrnoException">It would be too long, or no text.</exception>
    public void Append(ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Admit((ulong)_length, bytes);
        if (_change == OpenFileChange.None)
        {
            (_change, _appendedFrom) = (OpenFileChange.Appended, _length);
        }

        Put(_length, bytes, now);
    }

    /// <exception cref="ErrnoException">It would be too long.</exception>
    public void Resize(ulong length, DateTimeOffset now)
    {
        Reserve(length);
        if (length == 0)
        {
            (_change, IsOutdated, _refused) = (OpenFileChange.Rewritten, false, null);
            Expected = IsNew ? Expected : null;
        }
        else if ((int)length != _length && _change != OpenFileChange.Rewritten)
        {
            Edit();
        }

        if ((int)length < _length)
        {
            _content.AsSpan((int)length.._length).Clear();
        }

        (_length, Changed) = ((int)length, now);
    }

    /// <summary>What saving writes: all of it, or what was appended.</summary>
    /// <exception cref="ErrnoException">It is no text.</exception>
    public string TextToSave()
    {
        if (_refused is not null)
        {
            throw new ErrnoException(_refused.Errno, _refused.Message);
        }

        var bytes = _content.AsSpan((IsAppended ? _appendedFrom : 0).._length);
        try
        {
            return bytes.Contains((byte)0) ? throw NoText() : Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw NoText();
        }
    }

    /// <summary>What was written is a version now.</summary>
    public void Saved(FileNode file)
    {
        var missed = IsAppended && file.Version != (Version ?? 0) + 1;
        Took(file);

        // Somebody else wrote before what was appended here.
        IsOutdated = missed;
    }

    /// <summary>Hears that a version has become one of another file, which this is now.</summary>
    public void Became(long version, FileNode of)
    {
        IsOutdated |= Version != version;
        (Version, Inode, Links) = (of.Version, of.Inode, of.Links);
    }

    /// <summary>Gives up what was written and could not be saved.</summary>
    public void Discard()
    {
        if (!IsNew)
        {
            (_change, IsOutdated, _refused) = (OpenFileChange.None, true, null);
        }
    }

    private static ErrnoException NoText() => new(Errno.EINVAL, "it is no UTF-8 text, and VectorFS keeps text");

    private void Took(FileNode file)
    {
        (Version, IsNew, IsOutdated) = (file.Version, false, false);
        (Inode, Links) = (file.Inode, file.Links);
        (_change, Expected, _refused) = (OpenFileChange.None, null, null);
    }

    private void Edit()
    {
        _change = OpenFileChange.Edited;
        Expected = IsNew ? Expected : Version;
    }

    private void Put(int offset, ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        bytes.CopyTo(_content.AsSpan(offset));
        (_length, Changed) = (Math.Max(_length, offset + bytes.Length), now);
        if (IsNew && !_exclusive)
        {
            Expected = null;
        }
    }

    /// <summary>
    /// Makes room for a write, or refuses it. Many programs look at the error of write(2) and few at that of close(2), so what can surely not
    /// be kept is told at once; saving is refused after it, so that no part of a file is taken for the whole.
    /// </summary>
    private void Admit(ulong offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            // What has no name is never saved: programs keep there what they want nobody to see.
            if (Links > 0 && bytes.Contains((byte)0))
            {
                throw NoText();
            }

            var end = offset + (ulong)bytes.Length;
            Reserve(end < offset ? ulong.MaxValue : end);
        }
        catch (ErrnoException refused)
        {
            _refused ??= refused;
            throw;
        }
    }

    private void Reserve(ulong length)
    {
        if (length > IVectorFsGrain.MaxContent)
        {
            throw new ErrnoException(Errno.EFBIG, $"it would have more than the {IVectorFsGrain.MaxContent / 1024 / 1024} MiB that a file has at most");
        }

        if ((int)length > _content.Length)
        {
            Array.Resize(ref _content, (int)Math.Min(IVectorFsGrain.MaxContent, Math.Max((long)length, _content.Length * 2L)));
        }
    }
}
