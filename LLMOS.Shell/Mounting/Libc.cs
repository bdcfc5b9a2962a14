using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LLMOS.Shell.Mounting;

/// <summary>The functions of Linux's C library that mounting needs and .NET has no method for.</summary>
internal static unsafe partial class Libc
{
    public const uint MountNoSetUser = 2;
    public const uint MountNoDevices = 4;
    public const int Detach = 2;
    public const short CanRead = 1;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int MaxPath = 4096;
    public const int UnixSocket = 1;
    public const int StreamSocket = 1;
    public const int SocketLevel = 1;
    public const int PassedHandles = 1;
    public const int CloseReceivedOnExec = 0x40000000;

    private const string Library = "libc";
    private const int SetStatusFlags = 4;

    /// <summary>The error of the last call on this thread.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>What an error is called in a sentence.</summary>
    public static string Describe(Errno error) => Marshal.GetPInvokeErrorMessage((int)error);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Unmount(string target, int flags);

    [LibraryImport(Library, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Access(string path, int mode);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint EffectiveUser();

    [LibraryImport(Library, EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint EffectiveGroup();

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Poll(PolledHandle* handles, nuint count, int timeout);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Read(SafeFileHandle handle, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Write(SafeFileHandle handle, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial SafeFileHandle Event(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SocketPair(int domain, int type, int protocol, int* handles);

    [LibraryImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Receive(SafeFileHandle socket, SocketMessage* message, int flags);

    /// <summary>A path with all symbolic links resolved; null where there is nothing.</summary>
    public static string? RealPath(string path)
    {
        var resolved = stackalloc byte[MaxPath];
        return RealPath(path, resolved) == 0 ? null : Marshal.PtrToStringUTF8((nint)resolved);
    }

    /// <summary>Reading never waits.</summary>
    public static void MakeNonBlocking(SafeFileHandle handle) => _ = Control(handle, SetStatusFlags, NonBlocking);

    [LibraryImport(Library, EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint RealPath(string path, byte* resolved);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle handle, int command, int argument);

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PolledHandle
    {
        public int Handle;
        public short Wanted;
        public short Happened;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SocketBuffer
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SocketMessage
    {
        public void* Name;
        public uint NameLength;
        public SocketBuffer* Buffers;
        public nuint BufferCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary><c>struct cmsghdr</c> with one handle in it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct HandleMessage
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Handle;
    }
}
