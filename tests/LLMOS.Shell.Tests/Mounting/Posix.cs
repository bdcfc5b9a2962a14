using System.Runtime.InteropServices;
using System.Text;
using LLMOS.Shell.Mounting;

namespace LLMOS.Shell.Tests.Mounting;

/// <summary>Calls of a program to its files, each with its result or error as a text, so that two folders can be compared.</summary>
internal static class Posix
{
    public const int ReadWrite = 0x2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Truncate = 0x200;
    public const int Append = 0x400;

    private const int OwnerReadsAndWrites = 0b110_000_000;
    private const int OwnerDoesAll = 0b111_000_000;

    public static string MakeDirectory(string path) => Done(MkDir(Bytes(path), OwnerDoesAll));

    public static string RemoveDirectory(string path) => Done(RmDir(Bytes(path)));

    public static string Unlink(string path) => Done(UnlinkCall(Bytes(path)));

    public static string Rename(string from, string to) => Done(RenameCall(Bytes(from), Bytes(to)));

    public static string Link(string path, string to) => Done(LinkCall(Bytes(path), Bytes(to)));

    public static string SymbolicLink(string target, string path) => Done(SymLink(Bytes(target), Bytes(path)));

    public static string ReadLink(string path)
    {
        var buffer = new byte[4096];
        var length = ReadLinkCall(Bytes(path), buffer, buffer.Length);
        return length < 0 ? Done(length) : Encoding.UTF8.GetString(buffer, 0, (int)length);
    }

    public static string Cut(string path) => Done(TruncateCall(Bytes(path), 0));

    /// <summary>Opens, writes and closes.</summary>
    public static string Write(string path, int flags, string text)
    {
        var handle = Open(path, flags | ReadWrite | Create);
        return handle < 0 ? Done(handle) : $"{WriteAt(handle, text)} {Close(handle)}";
    }

    public static string Read(string path)
    {
        var handle = Open(path, 0);
        return handle < 0 ? Done(handle) : $"{ReadAll(handle)} {Close(handle)}";
    }

    /// <returns>The handle; negative for an error.</returns>
    public static int Open(string path, int flags) => OpenCall(Bytes(path), flags, OwnerReadsAndWrites);

    public static string Close(int handle) => Done(CloseCall(handle));

    public static string WriteAt(int handle, string text) => Done(PWrite(handle, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetByteCount(text), 0));

    public static string Sync(int handle) => Done(FSync(handle));

    public static string ReadAll(int handle)
    {
        var buffer = new byte[4096];
        var length = PRead(handle, buffer, buffer.Length, 0);
        return length < 0 ? Done(length) : Encoding.UTF8.GetString(buffer, 0, (int)length);
    }

    public static string Done(nint result) => result >= 0 ? $"{result}" : ((Errno)Marshal.GetLastPInvokeError()).ToString();

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenCall(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseCall(int handle);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int handle);

    [DllImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint PWrite(int handle, byte[] bytes, nint count, nint offset);

    [DllImport("libc", EntryPoint = "pread", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint PRead(int handle, byte[] bytes, nint count, nint offset);

    [DllImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MkDir(byte[] path, int mode);

    [DllImport("libc", EntryPoint = "rmdir", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RmDir(byte[] path);

    [DllImport("libc", EntryPoint = "unlink", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int UnlinkCall(byte[] path);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameCall(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LinkCall(byte[] path, byte[] to);

    [DllImport("libc", EntryPoint = "symlink", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SymLink(byte[] target, byte[] path);

    [DllImport("libc", EntryPoint = "readlink", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ReadLinkCall(byte[] path, byte[] buffer, nint size);

    [DllImport("libc", EntryPoint = "truncate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TruncateCall(byte[] path, nint length);
}
