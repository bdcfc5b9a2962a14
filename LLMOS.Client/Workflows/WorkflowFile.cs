using System.Text;
using LLMOS.Agents;

namespace LLMOS.Client.Workflows;

/// <summary>
/// A workflow as a YAML file: <c>name</c>, <c>description</c>, <c>region</c>, <c>roles</c> and <c>routes</c>. An error in
/// it is one sentence that begins with the file, the line and the column, such as <c>review.yaml:12:5: …</c>.
/// </summary>
public static class WorkflowFile
{
    /// <summary>Bytes a file may have.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Reads a workflow from a file.</summary>
    /// <exception cref="LlmosException">The file is missing, cannot be read, is too large, or is no workflow.</exception>
    public static WorkflowTemplate Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw LlmosException.InvalidArgument($"The workflow '{path}' is a folder: name a file in it.");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes)
            {
                throw LlmosException.InvalidArgument($"The workflow '{path}' is larger than 1 MB: a workflow is a few prompts; move the rest elsewhere.");
            }

            using var reader = new StreamReader(
                new MemoryStream(bytes, 0, length), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            return Parse(reader.ReadToEnd(), path);
        }
        catch (DecoderFallbackException)
        {
            throw LlmosException.InvalidArgument($"The workflow '{path}' is no UTF-8 text: save it as UTF-8.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LlmosException(
                LlmosErrorCode.NotFound,
                $"There is no workflow '{path}': name a file, or one of the built-in workflows ({string.Join(", ", BuiltInWorkflows.Names)}).",
                missing);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LlmosException(LlmosErrorCode.InvalidArgument, $"The workflow '{path}' cannot be read: {unreadable.Message.TrimEnd('.')}.", unreadable);
        }
    }

    /// <summary>Reads a workflow from YAML text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">What errors call it.</param>
    /// <exception cref="LlmosException">It is no workflow.</exception>
    public static WorkflowTemplate Parse(string yaml, string file)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (yaml.Length > MaxBytes)
        {
            throw LlmosException.InvalidArgument($"The workflow '{file}' is larger than 1 MB: a workflow is a few prompts; move the rest elsewhere.");
        }

        var source = new WorkflowSource(file);
        return new WorkflowReader(source).Read(YamlText.Load(yaml, source));
    }
}
