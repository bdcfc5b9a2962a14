using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LLMOS.Inference.Tests.KvCache;

/// <summary>Named pipes: files that keep whoever opens them waiting until the other end is opened, as a slow disk does.</summary>
internal static partial class Pipe
{
    private const uint OwnerOnly = 0b110_000_000;

    public static void Make(string path) => Assert.Equal(0, MakeFifo(path, OwnerOnly));

    /// <summary>Takes what is written to it. Not through .NET, which locks a file that it opens.</summary>
    public static byte[] Read(string path)
    {
        using var cat = Process.Start(new ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true })!;
        using var bytes = new MemoryStream();
        cat.StandardOutput.BaseStream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Gives the bytes of another file to whoever reads from it.</summary>
    public static void Write(string path, string source)
    {
        using var cat = Process.Start("sh", ["-c", "cat \"$0\" > \"$1\"", source, path]);
        cat.WaitForExit();
        Assert.Equal(0, cat.ExitCode);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);
}
