using System.Text;

namespace LLMOS.Shell.Interactive.Editing;

/// <summary>
/// What was entered before, oldest first, in memory and in a file that only its owner can read. A line of several lines is one entry. A line that begins with
/// a space, and one that is there as the newest, is not kept.
/// </summary>
internal sealed class LineHistory
{
    private const int MostEntries = 1_000;

    private readonly string? _path;
    private readonly List<string> _entries = [];

    /// <param name="path">The file; null for memory alone.</param>
    public LineHistory(string? path)
    {
        _path = path;
        try
        {
            if (path is not null && File.Exists(path))
            {
                _entries.AddRange(File.ReadLines(path).Select(Decode).Where(line => line.Length > 0).TakeLast(MostEntries));
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // A shell without its history is one all the same.
        }
    }

    public IReadOnlyList<string> Entries => _entries;

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line[0] == ' ' || (_entries.Count > 0 && _entries[^1] == line))
        {
            return;
        }

        _entries.Add(line);
        if (_entries.Count > MostEntries)
        {
            _entries.RemoveAt(0);
        }

        Save(line);
    }

    /// <summary>The newest entry with a text that is older than another entry.</summary>
    /// <param name="text">The text, in any casing; all entries have the empty one.</param>
    /// <param name="before">Entries before this one alone.</param>
    /// <returns>Its place; -1 for none.</returns>
    public int Find(string text, int before)
    {
        for (var i = Math.Min(before, _entries.Count) - 1; i >= 0; i--)
        {
            if (_entries[i].Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private void Save(string line)
    {
        if (_path is null)
        {
            return;
        }

        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(_path, options);
            file.Write(Encoding.UTF8.GetBytes(Encode(line) + "\n"));
            if (file.Position > MostEntries * 1_024L)
            {
                file.Dispose();
                File.WriteAllLines(_path, _entries.Select(Encode));
            }
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // It is kept in memory.
        }
    }

    private static string Encode(string line) => line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Decode(string line)
    {
        var text = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            text.Append(line[i] != '\\' || i + 1 == line.Length ? line[i] : line[++i] == 'n' ? '\n' : line[i]);
        }

        return text.ToString();
    }
}
