using System.Runtime.CompilerServices;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What takes several calls of VectorFS.</summary>
public static class VectorFsExtensions
{
    // With a meaning there is one part, of all that is looked at.
    private const int Page = FileFilter.MostByMeaning;

    /// <summary>Finds files, directories and links at a path and below it, however many there are: each part is asked for when it is wanted.</summary>
    /// <param name="files">VectorFS.</param>
    /// <param name="path">Where to look.</param>
    /// <param name="filter">What is wanted.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LlmosException">As with <see cref="IVectorFsGrain.FindAsync"/>.</exception>
    public static async IAsyncEnumerable<FileNode> FindAllAsync(
        this IVectorFsGrain files, string path, FileFilter filter, int most = int.MaxValue, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        for (var (after, left) = ("", most); left > 0;)
        {
            var page = await files.FindAsync(path, filter, after, Math.Min(left, Page)).WaitAsync(cancellationToken);
            foreach (var node in page.Nodes)
            {
                yield return node;
            }

            if (page.Next is null)
            {
                yield break;
            }

            left -= page.Nodes.Length;
            after = page.Next;
        }
    }
}
