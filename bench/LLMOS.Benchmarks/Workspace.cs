namespace LLMOS.Benchmarks;

/// <summary>The files of a run: folders that go when it ends, and a cache that stays for the next.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), "llmos-bench");
    private readonly string _run;
    private int _folders;

    public Workspace()
    {
        _run = Path.Combine(_root, $"run-{Environment.ProcessId}");
        Directory.CreateDirectory(_run);
    }

    /// <summary>For what takes long to make and does not change.</summary>
    public string Cache => Directory.CreateDirectory(Path.Combine(_root, "cache")).FullName;

    /// <summary>A new empty folder, such as a silo's data folder.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_run, $"{Interlocked.Increment(ref _folders)}")).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(_run, recursive: true);
        }
        catch (IOException)
        {
            // A child that was ended still holds a file; the folder lies where temporary files do.
        }
    }
}
