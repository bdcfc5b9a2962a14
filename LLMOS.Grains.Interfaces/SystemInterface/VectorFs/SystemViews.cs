using System.Collections.Immutable;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>The directories of VectorFS that show the system as it is: what is in them is read, and changed by nobody.</summary>
public static class SystemViews
{
    /// <summary>Their paths.</summary>
    public static ImmutableArray<string> Paths { get; } = ["/agents", "/context", "/logs", "/models", "/tools"];

    /// <summary>Whether a path is one of them.</summary>
    public static bool Is(string path) => Paths.Contains(path);

    /// <summary>Whether a path lies in one of them.</summary>
    public static bool Has(string path) => Paths.Any(view => path != view && VfsPath.IsWithin(path, view));
}
