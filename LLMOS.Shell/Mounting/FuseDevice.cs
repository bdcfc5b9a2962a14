using Microsoft.Win32.SafeHandles;

namespace LLMOS.Shell.Mounting;

/// <summary>The kernel's device of one mounted folder. When it is closed the folder is dead, however that comes.</summary>
internal sealed unsafe class FuseDevice : IFuseChannel, IDisposable
{
    public const string Path = "/dev/fuse";

    private readonly SafeFileHandle _device;
    private readonly SafeFileHandle _stop;

    /// <param name="device">The open device; it is closed with this.</param>
    public FuseDevice(SafeFileHandle device)
    {
        _device = device;
        _stop = Libc.Event(0, Libc.CloseOnExec | Libc.NonBlocking);

        // A request that was given up between waiting and reading must not leave the reader waiting for the next.
        Libc.MakeNonBlocking(device);
    }

    public int Read(Span<byte> request)
    {
        var handles = stackalloc Libc.PolledHandle[2];
        while (true)
        {
            handles[0] = new Libc.PolledHandle { Handle = (int)_device.DangerousGetHandle(), Wanted = Libc.CanRead };
            handles[1] = new Libc.PolledHandle { Handle = (int)_stop.DangerousGetHandle(), Wanted = Libc.CanRead };
            if (Libc.Poll(handles, 2, Timeout.Infinite) < 0 && Libc.LastError != Errno.EINTR)
            {
                return 0;
            }

            if (handles[1].Happened != 0)
            {
                return 0;
            }

            fixed (byte* buffer = request)
            {
                var length = Libc.Read(_device, buffer, (nuint)request.Length);
                if (length >= 0)
                {
                    return (int)length;
                }
            }

            // ENODEV says that the folder is taken away; ENOENT, that whoever asked was interrupted before it was read.
            if (Libc.LastError is not (Errno.EINTR or Errno.EAGAIN or Errno.ENOENT))
            {
                return 0;
            }
        }
    }

    public bool Write(ReadOnlySpan<byte> reply)
    {
        fixed (byte* bytes = reply)
        {
            return Libc.Write(_device, bytes, (nuint)reply.Length) == reply.Length;
        }
    }

    /// <summary>Ends reading.</summary>
    public void Stop()
    {
        var one = 1UL;
        _ = Libc.Write(_stop, (byte*)&one, sizeof(ulong));
    }

    public void Dispose()
    {
        _device.Dispose();
        _stop.Dispose();
    }
}
