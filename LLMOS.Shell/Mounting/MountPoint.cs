using Microsoft.Win32.SafeHandles;

namespace LLMOS.Shell.Mounting;

/// <summary>A folder of this machine that VectorFS is to be seen in.</summary>
internal sealed class MountPoint
{
    /// <summary>What is mounted, as the table of mounts names it.</summary>
    public const string Source = "llmos";

    /// <summary>How a mount of this program is known from others'.</summary>
    public const string Type = "fuse." + Source;

    private MountPoint(string folder) => Folder = folder;

    /// <summary>The folder, with symbolic links resolved.</summary>
    public string Folder { get; }

    /// <summary>Finds the folder. What a program that was killed left behind there is taken away.</summary>
    /// <exception cref="UsageException">It cannot be mounted on.</exception>
    /// <exception cref="LlmosException">This platform mounts nothing.</exception>
    public static MountPoint Find(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new LlmosException(LlmosErrorCode.NotAvailable, "llmos mount works on Linux alone, whose kernel has FUSE: here llmos fs shows and changes the same files.");
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var point = new MountPoint(Resolve(full));
        while (MountEntry.At(point.Folder) is { } mounted)
        {
            if (Libc.Access(point.Folder, 0) == 0 || Libc.LastError != Errno.ENOTCONN)
            {
                throw new UsageException(mounted.Type == Type
                    ? $"{point.Folder} shows VectorFS already: use it, or take it away first with umount {point.Folder}."
                    : $"{point.Folder} is where {mounted.Source} ({mounted.Type}) is mounted: name another folder.");
            }

            if (mounted.Type != Type)
            {
                throw new UsageException($"{point.Folder} is a mount ({mounted.Type}) whose program has ended, and not one of llmos: take it away first with umount {point.Folder}.");
            }

            // As often as it was mounted over; if it cannot be, the user has to know.
            if (!point.Unmount())
            {
                throw new LlmosException(
                    LlmosErrorCode.PermissionDenied,
                    $"{point.Folder} is left of a mount whose program has ended, and cannot be taken away ({Libc.Describe(Libc.LastError)}): do it with umount {point.Folder}, as who mounted it.");
            }
        }

        if (File.Exists(point.Folder))
        {
            throw new UsageException($"{full} is a file: name an empty folder.");
        }

        if (!Directory.Exists(point.Folder))
        {
            throw new UsageException($"There is no folder {full}: make it first, with mkdir.");
        }

        return IsEmpty(point.Folder) ? point : throw new UsageException($"{full} is not empty, and what is in it would be out of sight: name an empty folder.");
    }

    /// <summary>Mounts.</summary>
    /// <returns>Where the kernel's requests come from.</returns>
    /// <exception cref="LlmosException">This user or this machine cannot.</exception>
    public FuseDevice Mount()
    {
        SafeFileHandle device;
        try
        {
            device = File.OpenHandle(FuseDevice.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (FileNotFoundException missing)
        {
            throw new LlmosException(
                LlmosErrorCode.NotAvailable,
                $"There is no {FuseDevice.Path}, so that nothing can be mounted: load it with modprobe fuse, or give it to the container with --device {FuseDevice.Path}; llmos fs works without.",
                missing);
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            return FuserMount.Find() is { } helper
                ? new FuseDevice(FuserMount.Mount(helper, Folder))
                : throw new LlmosException(
                    LlmosErrorCode.PermissionDenied,
                    $"{FuseDevice.Path} cannot be opened ({denied.Message.TrimEnd('.')}): install fusermount3 (package fuse3), or mount as root; llmos fs works without.",
                    denied);
        }

        var options = $"fd={device.DangerousGetHandle()},rootmode=40000,user_id={Libc.EffectiveUser()},group_id={Libc.EffectiveGroup()}";
        if (Libc.Mount(Source, Folder, Type, Libc.MountNoSetUser | Libc.MountNoDevices, options) == 0)
        {
            return new FuseDevice(device);
        }

        var error = Libc.LastError;
        device.Dispose();
        return FuserMount.Find() is { } program
            ? new FuseDevice(FuserMount.Mount(program, Folder))
            : throw new LlmosException(
                LlmosErrorCode.PermissionDenied,
                $"{Folder} cannot be mounted on ({Libc.Describe(error)}): install fusermount3 (package fuse3), or mount as root, in a container with --cap-add SYS_ADMIN; llmos fs works without.");
    }

    /// <summary>Takes the mount away, whoever still has something in it open.</summary>
    /// <returns>Whether it is away.</returns>
    public bool Unmount()
    {
        if (Libc.Unmount(Folder, Libc.Detach) == 0)
        {
            return true;
        }

        if (FuserMount.Find() is not { } program)
        {
            return false;
        }

        FuserMount.Unmount(program, Folder);
        return MountEntry.At(Folder) is null;
    }

    /// <summary>A folder whose mount is dead cannot be resolved, and the one that it is in can.</summary>
    private static string Resolve(string full) =>
        Libc.RealPath(full) ?? (Path.GetDirectoryName(full) is { } parent && Libc.RealPath(parent) is { } resolved ? Path.Combine(resolved, Path.GetFileName(full)) : full);

    private static bool IsEmpty(string folder)
    {
        try
        {
            return !Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw new UsageException($"{folder} cannot be looked into ({denied.Message.TrimEnd('.')}): name a folder of yours.");
        }
    }
}
