using System.Globalization;
using System.Text.RegularExpressions;

namespace LLMOS.Shell.Mounting;

/// <summary>A folder that something is mounted on.</summary>
/// <param name="Point">The folder.</param>
/// <param name="Type">The kind of file system.</param>
/// <param name="Source">What is mounted, by its own name for it.</param>
internal sealed partial record MountEntry(string Point, string Type, string Source)
{
    private const string Table = "/proc/self/mountinfo";

    /// <summary>What is mounted on a folder of this process's view; null for nothing. Of several on each other it is the one that is seen.</summary>
    public static MountEntry? At(string point) => Parse(File.ReadAllText(Table)).LastOrDefault(entry => entry.Point == point);

    /// <summary>Reads the kernel's table, as proc(5) describes it.</summary>
    public static IEnumerable<MountEntry> Parse(string table)
    {
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator > 4 && separator + 2 < fields.Length)
            {
                yield return new MountEntry(Unescape(fields[4]), Unescape(fields[separator + 1]), Unescape(fields[separator + 2]));
            }
        }
    }

    /// <summary>Spaces, tabs, line ends and backslashes are written by their octal numbers.</summary>
    private static string Unescape(string field) =>
        Escape().Replace(field, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Escape();
}
