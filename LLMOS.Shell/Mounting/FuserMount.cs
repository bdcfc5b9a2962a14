using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace LLMOS.Shell.Mounting;

/// <summary>
/// <c>fusermount3</c>, through which a user who is not root mounts: it has the right, opens the device, and passes it on through a socket.
/// </summary>
internal static unsafe class FuserMount
{
    private const string Name = "fusermount3";

    /// <summary>Names the socket to it.</summary>
    private const string SocketVariable = "_FUSE_COMMFD";

    /// <summary>Where it is; null where this machine has none.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, Name))
        .FirstOrDefault(File.Exists);

    /// <summary>Mounts.</summary>
    /// <returns>The open device.</returns>
    /// <exception cref="LlmosException">It refused.</exception>
    public static SafeFileHandle Mount(string program, string folder)
    {
        var sockets = stackalloc int[2];
        if (Libc.SocketPair(Libc.UnixSocket, Libc.StreamSocket, 0, sockets) != 0)
        {
            throw Refused(folder, Libc.Describe(Libc.LastError));
        }

        using var mine = new SafeFileHandle(sockets[0], ownsHandle: true);
        string error;
        using (new SafeFileHandle(sockets[1], ownsHandle: true))
        {
            error = Run(program, ["-o", $"rw,nosuid,nodev,fsname={MountPoint.Source},subtype={MountPoint.Source}", "--", folder], sockets[1]);
        }

        // Its end of the socket is closed here and there, so that this does not wait for what it did not send.
        return error.Length == 0 && Receive(mine) is { } device ? device : throw Refused(folder, error);
    }

    /// <summary>Takes a folder away, whoever still has something in it open.</summary>
    public static void Unmount(string program, string folder) => Run(program, ["-u", "-q", "-z", "--", folder], null);

    /// <returns>What it said was wrong; empty for nothing.</returns>
    private static string Run(string program, IEnumerable<string> arguments, int? socket)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        if (socket is { } number)
        {
            start.Environment[SocketVariable] = number.ToString(CultureInfo.InvariantCulture);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : error.Length > 0 ? error : $"{Name} left with {process.ExitCode}";
    }

    private static SafeFileHandle? Receive(SafeFileHandle socket)
    {
        byte one;
        var passed = new Libc.HandleMessage();
        var buffer = new Libc.SocketBuffer { Start = &one, Length = 1 };
        var message = new Libc.SocketMessage
        {
            Buffers = &buffer,
            BufferCount = 1,
            Control = &passed,
            ControlLength = (nuint)sizeof(Libc.HandleMessage),
        };
        return Libc.Receive(socket, &message, Libc.CloseReceivedOnExec) >= 0 && passed is { Level: Libc.SocketLevel, Type: Libc.PassedHandles }
            ? new SafeFileHandle(passed.Handle, ownsHandle: true)
            : null;
    }

    private static LlmosException Refused(string folder, string error) => new(
        LlmosErrorCode.FailedPrecondition,
        $"{Name} could not mount at {folder} ({error.ReplaceLineEndings(" ").Trim().TrimEnd('.')}): make the folder one of yours, and /dev/fuse one that you may open.");
}
