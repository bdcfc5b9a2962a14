namespace LLMOS.Shell.Output;

/// <summary>The log files of a silo in its data folder.</summary>
internal sealed class LogFiles(string folder)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>Writes the last lines, and what is added.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="count">How many lines.</param>
    /// <param name="follow">Whether to go on with what is added, until it is cancelled.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(ShellConsole console, int count, bool follow, CancellationToken cancellationToken)
    {
        var lines = new Queue<string>();
        var newest = "";
        long read = 0;
        foreach (var file in Files())
        {
            (newest, read) = (file, Read(file, 0, line =>
            {
                lines.Enqueue(line);
                if (lines.Count > count)
                {
                    lines.Dequeue();
                }
            }));
        }

        foreach (var line in lines)
        {
            console.Out.WriteLine(SafeText.Line(line));
        }

        while (follow)
        {
            await console.Out.FlushAsync(cancellationToken);
            await Task.Delay(Interval, cancellationToken);
            foreach (var file in Files().SkipWhile(file => newest.Length > 0 && file != newest).ToArray())
            {
                read = Read(file, file == newest ? read : 0, line => console.Out.WriteLine(SafeText.Line(line)));
                newest = file;
            }
        }
    }

    /// <summary>Oldest first.</summary>
    private IEnumerable<string> Files() =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("llmos-*.log").OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).Select(file => file.FullName) : [];

    /// <returns>How far it was read: whole lines alone.</returns>
    private static long Read(string path, long from, Action<string> line)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(Math.Min(from, stream.Length), SeekOrigin.Begin);
            using var reader = new StreamReader(stream);
            var text = reader.ReadToEnd();
            var end = text.LastIndexOf('\n') + 1;
            foreach (var each in text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                line(each.TrimEnd('\r'));
            }

            return from + System.Text.Encoding.UTF8.GetByteCount(text[..end]);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It was rolled away meanwhile.
            return from;
        }
    }
}
