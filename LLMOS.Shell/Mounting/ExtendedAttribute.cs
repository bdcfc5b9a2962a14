using System.Globalization;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>What VectorFS knows of a file and <c>stat</c> does not show: attributes <c>user.llmos.*</c>.</summary>
internal static class ExtendedAttribute
{
    public const string Prefix = "user.llmos.";

    /// <summary>Whether others than the owner may change the file; the one that can be set.</summary>
    public const string Shared = Prefix + "shared";

    private const string Path = Prefix + "path";
    private const string Owner = Prefix + "owner";
    private const string Created = Prefix + "created";
    private const string Version = Prefix + "version";
    private const string Author = Prefix + "author";
    private const string Change = Prefix + "change";

    /// <summary>The names that a file or directory has.</summary>
    public static IReadOnlyList<string> NamesOf(FileNode file) => file.Kind == NodeKind.File
        ? [Path, Owner, Created, Shared, Version, Author, Change]
        : [Path, Owner, Created];

    /// <summary>Whether the value is known only with the versions of a file.</summary>
    public static bool IsOfVersion(string name) => name is Author or Change;

    /// <summary>The value of an attribute.</summary>
    /// <param name="name">One of its names.</param>
    /// <param name="file">The file or directory.</param>
    /// <param name="newest">Its newest version, where the attribute is of that.</param>
    public static string ValueOf(string name, FileNode file, FileVersion? newest) => name switch
    {
        Path => file.Path,
        Owner => file.Owner,
        Created => file.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
        Shared => file.IsShared ? "true" : "false",
        Version => file.Version.ToString(CultureInfo.InvariantCulture),
        Author => newest?.Author ?? "",
        Change => newest?.Change ?? "",
        _ => throw new ErrnoException(Errno.ENODATA),
    };
}
