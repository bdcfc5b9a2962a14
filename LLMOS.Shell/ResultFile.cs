namespace LLMOS.Shell;

/// <summary>The result of a run as a file: <c>runs/ID/result.md</c> in the data folder.</summary>
internal static class ResultFile
{
    /// <returns>Its path.</returns>
    /// <exception cref="LlmosException">It cannot be written; the result is in the run nevertheless.</exception>
    public static async Task<string> WriteAsync(string dataFolder, string runId, string result)
    {
        var path = Path.Combine(dataFolder, "runs", runId, "result.md");
        var unfinished = path + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(unfinished, result.EndsWith('\n') ? result : result + "\n");
            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new LlmosException(
                LlmosErrorCode.ResourceExhausted,
                $"The run {runId} is complete and its result could not be written to {path} ({failed.Message.TrimEnd('.')}): make room there, then llmos runs -o json shows it.",
                failed);
        }
    }
}
