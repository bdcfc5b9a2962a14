using System.Text;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What a path of VectorFS must be.</summary>
public static class VfsPath
{
    public const string Root = "/";

    /// <summary>Bytes of a path in UTF-8.</summary>
    public const int MaxLength = 4_096;

    /// <summary>Bytes of one name in UTF-8.</summary>
    public const int MaxNameLength = 255;

    private const int ShownLength = 80;

    /// <summary>An absolute path without '.' and '..'.</summary>
    /// <param name="path">Absolute, or relative to the directory.</param>
    /// <param name="directory">An absolute path.</param>
    /// <exception cref="LlmosException">It leaves the tree, is too long, or has characters that no name has.</exception>
    public static string Normalize(string path, string directory = Root)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(directory);
        if (path.Length == 0)
        {
            throw Wrong(path, "it is empty: use one such as /knowledge/facts");
        }

        var parts = new List<string>();
        foreach (var part in (path[0] == '/' ? path : $"{directory}/{path}").Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case ".." when parts.Count == 0:
                    throw Wrong(path, "it leads out of the tree, above /");
                case "..":
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    CheckName(path, part);
                    parts.Add(part);
                    break;
            }
        }

        var normal = Root + string.Join('/', parts);
        return Encoding.UTF8.GetByteCount(normal) <= MaxLength ? normal : throw Wrong(path, $"it is longer than {MaxLength} bytes");
    }

    /// <summary>The directory that a path lies in; the root for the root.</summary>
    public static string ParentOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? Root : path[..slash];
    }

    /// <summary>The last name of a path; empty for the root.</summary>
    public static string NameOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[(path.LastIndexOf('/') + 1)..];
    }

    /// <summary>Whether a path is a directory or lies below it.</summary>
    public static bool IsWithin(string path, string directory)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(directory);
        return directory == Root || path == directory || (path.StartsWith(directory, StringComparison.Ordinal) && path[directory.Length] == '/');
    }

    private static void CheckName(string path, string name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value < ' ' || rune.Value == 0x7F)
            {
                throw Wrong(path, $"it has the control character U+{rune.Value:X4}");
            }

            // An unpaired surrogate is read as this, and nobody who means this character loses much.
            if (rune == Rune.ReplacementChar)
            {
                throw Wrong(path, "it has a character that is not Unicode");
            }
        }

        if (Encoding.UTF8.GetByteCount(name) > MaxNameLength)
        {
            throw Wrong(path, $"it has a name of more than {MaxNameLength} bytes");
        }
    }

    private static LlmosException Wrong(string path, string why)
    {
        var shown = new StringBuilder();
        foreach (var rune in (path.Length <= ShownLength ? path : path[..ShownLength] + "…").EnumerateRunes())
        {
            shown.Append(rune.Value < ' ' || rune.Value == 0x7F ? "\uFFFD" : rune.ToString());
        }

        return LlmosException.InvalidArgument($"'{shown}' is no path: {why}.");
    }
}
