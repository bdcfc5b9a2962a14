namespace LLMOS.Shell;

/// <summary>The exact command that goes on with a run: the way this program was called, and what the run needs.</summary>
internal static class ResumeCommand
{
    /// <param name="runId">The run.</param>
    /// <param name="data">The data folder that was named; null for the default one.</param>
    /// <param name="connect">The cluster that was joined; null for an embedded silo.</param>
    /// <param name="interactive">Whether it is for a line of the interactive shell.</param>
    public static string For(string runId, string? data, string? connect, bool interactive)
    {
        if (interactive)
        {
            return $"run --resume {Quote(runId)}";
        }

        var words = new List<string> { ProgramName(Environment.ProcessPath, Environment.GetEnvironmentVariable("PATH")), "run", "--resume", runId };
        if (connect is not null)
        {
            words.AddRange(["--connect", connect]);
        }
        else if (data is not null)
        {
            words.AddRange(["--data", Path.GetFullPath(data)]);
        }

        return string.Join(' ', words.Select(Quote));
    }

    /// <summary>The bare name where the PATH leads to this very program, else its whole path.</summary>
    public static string ProgramName(string? processPath, string? searchPath)
    {
        const string Name = "llmos";
        if (processPath is null || !string.Equals(Path.GetFileNameWithoutExtension(processPath), Name, StringComparison.OrdinalIgnoreCase))
        {
            return Name;
        }

        var first = (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, Path.GetFileName(processPath)))
            .FirstOrDefault(File.Exists);
        var same = first is not null && (File.ResolveLinkTarget(first, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(first)) == processPath;
        return same ? Name : processPath;
    }

    /// <summary>A word as a POSIX shell reads it back.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '@' or '+' or '=' or ',')
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
