namespace LLMOS.Silo.Storage;

/// <summary>
/// The folder of a node's data, held by one process. The hold is an exclusive lock on a file in it, which the operating
/// system drops when the process ends in whatever way.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "llmos.lock";
    private const string PidName = "llmos.pid";
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int ReadOnlyFileSystem = 30;
    private const int NoSpace = 28;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int DiskFull = unchecked((int)0x80070070);

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream fileLock)
    {
        Path = path;
        _lock = fileLock;
    }

    public string Path { get; }

    public static DataFolder Take(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
            throw LlmosException.InvalidArgument("The data folder has no name; give one with --data.");

        var path = System.IO.Path.GetFullPath(folder);
        if (File.Exists(path))
            throw LlmosException.InvalidArgument($"The data folder '{path}' is a file. Choose a folder with --data.");

        try
        {
            Create(path);
            var fileLock = new FileStream(
                System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                File.WriteAllText(PidFile(path), $"{Environment.ProcessId}\n");
                return new DataFolder(path, fileLock);
            }
            catch
            {
                fileLock.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Explain(exception, path);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(PidFile(Path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file only names the holder while the lock is held; a stale one is never read.
        }
        _lock.Dispose();
    }

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            // Prompts and answers are their owner's.
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static LlmosException Explain(Exception exception, string path) => exception switch
    {
        IOException { HResult: WouldBlockLinux or WouldBlockMac or SharingViolation } => new(
            LlmosErrorCode.Unavailable,
            $"The data folder '{path}' is in use by {Holder(path)}. Stop that one, or choose another folder with --data.",
            exception),
        UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem } => new(
            LlmosErrorCode.FailedPrecondition,
            $"The data folder '{path}' cannot be written: it is read-only for this user. Make it writable, or choose another one with --data.",
            exception),
        IOException { HResult: NoSpace or DiskFull } => new(
            LlmosErrorCode.ResourceExhausted,
            $"The disk that holds the data folder '{path}' is full. Free space on it, or choose another folder with --data.",
            exception),
        _ => new(
            LlmosErrorCode.FailedPrecondition,
            $"The data folder '{path}' cannot be created ({exception.Message.TrimEnd('.')}). Choose another one with --data.",
            exception),
    };

    private static string Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(PidFile(path)), out var pid)
                ? $"another LLMOS process (PID {pid})"
                : "another LLMOS process";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "another LLMOS process";
        }
    }

    private static string PidFile(string path) => System.IO.Path.Combine(path, PidName);
}
