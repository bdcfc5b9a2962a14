using System.Globalization;

namespace LLMOS.Inference.KvCache;

/// <summary>
/// A folder of one engine's spill files below a folder that engines may share. It goes when the engine ends; what an engine that was killed left is removed by the next.
/// </summary>
internal sealed class SpillFolder : IDisposable
{
    private const string Prefix = "kv-";
    private const string LockName = "owner.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private SpillFolder(string path, FileStream ownerLock) => (Path, _lock) = (path, ownerLock);

    public string Path { get; }

    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static SpillFolder Create(string parent)
    {
        Make(parent);
        RemoveAbandoned(parent);
        var path = System.IO.Path.Combine(parent, $"{Prefix}{Guid.NewGuid():n}");
        Make(path);
        return new SpillFolder(path, new FileStream(System.IO.Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>The path of a file by its number.</summary>
    public string PathOf(long number) => System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{number}.kv"));

    public void Dispose()
    {
        _lock.Dispose();
        Remove(Path);
    }

    /// <summary>Removes the folders below one whose engines are gone. One that cannot be read is left to the next who tries.</summary>
    public static void RemoveAbandoned(string parent)
    {
        foreach (var folder in Below(parent))
        {
            try
            {
                // Whoever lives holds its lock.
                new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            }
            catch (FileNotFoundException)
            {
                continue; // One that is just being made.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            Remove(folder);
        }
    }

    private static string[] Below(string parent)
    {
        try
        {
            return Directory.Exists(parent) ? Directory.GetDirectories(parent, Prefix + "*") : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly); // It holds what processes were told.
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next engine tries again.
        }
    }
}
