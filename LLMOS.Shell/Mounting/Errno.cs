namespace LLMOS.Shell.Mounting;

/// <summary>The errors of Linux that a program meets in a mounted folder, by the kernel's numbers.</summary>
internal enum Errno
{
    None = 0,

    /// <summary>Operation not permitted: the tree has no such thing, as a device or a second name of a directory.</summary>
    EPERM = 1,
    ENOENT = 2,
    EINTR = 4,
    EIO = 5,
    EBADF = 9,
    EAGAIN = 11,
    EACCES = 13,
    EBUSY = 16,
    EEXIST = 17,
    ENODEV = 19,
    ENOTDIR = 20,
    EISDIR = 21,
    EINVAL = 22,
    ENOTTY = 25,
    EFBIG = 27,
    EROFS = 30,
    ERANGE = 34,
    ENAMETOOLONG = 36,
    ENOSYS = 38,
    ENOTEMPTY = 39,
    ELOOP = 40,
    ENODATA = 61,
    EPROTO = 71,
    EOPNOTSUPP = 95,
    ENOTCONN = 107,

    /// <summary>What the request is about is not what it was: another version, or forgotten.</summary>
    ESTALE = 116,
    EDQUOT = 122,
}
