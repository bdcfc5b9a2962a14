using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Where those who append to a file wait for their turn. The key is the path of the file, or the inode of one that has several. It keeps nothing.</summary>
[Alias("llmos.IFileAppendGrain")]
public interface IFileAppendGrain : IGrainWithStringKey
{
    /// <summary>Adds a text to the end of a file, or makes it, after all that was asked for before.</summary>
    /// <param name="path">An absolute path without symbolic links.</param>
    /// <param name="text">The text.</param>
    /// <returns>The file as it is then.</returns>
    /// <exception cref="LlmosException">As with <see cref="IVectorFsGrain.AppendAsync"/>.</exception>
    [Alias("Append"), ResponseTimeout("00:05:00")]
    [Requires(Privileges = Privileges.Administer)]
    Task<FileNode> AppendAsync(string path, string text);
}
