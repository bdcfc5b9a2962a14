using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Templates;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Client;

/// <summary>VectorFS, and the templates of processes that lie in it.</summary>
public sealed partial class LlmosClient
{
    /// <summary>The tree of files that can be found by path, by words and by meaning.</summary>
    public IVectorFsGrain Files => Grains.GetGrain<IVectorFsGrain>(0);

    /// <summary>What changes in VectorFS at a path and below it, from now on. After the loss of the silo that tells it, it goes on with <see cref="FileEventKind.Missed"/>.</summary>
    /// <exception cref="LlmosException">It is no path.</exception>
    public async IAsyncEnumerable<FileEvent> WatchFilesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (!isFirst)
            {
                yield return new FileEvent(FileEventKind.Missed, VfsPath.Normalize(path), "", 0, "", DateTimeOffset.UtcNow);
            }

            await foreach (var change in Grains.GetGrain<IFileWatchGrain>(0).WatchAsync(path, cancellationToken).WithCancellation(cancellationToken))
            {
                yield return change;
            }
        }
    }

    /// <summary>How a context region is now and after each change, until it is freed; changes that follow each other fast are shown as the last of them.</summary>
    /// <exception cref="LlmosException">There is no such region.</exception>
    public async IAsyncEnumerable<RegionInfo> WatchRegionAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var region = Grains.GetGrain<IContextRegionGrain>(path);
        for (var version = -1L; version < 0 || await region.GetInfoAsync() is not null;)
        {
            await foreach (var info in region.WatchAsync(cancellationToken).WithCancellation(cancellationToken))
            {
                // The silo that told it is gone, and another one begins with what is known.
                if (info.Version > version)
                {
                    version = info.Version;
                    yield return info;
                }
            }
        }
    }

    /// <summary>The embedding store: collections of records that are found by vectors and by words.</summary>
    public IEmbeddingStoreGrain Embeddings => Grains.GetGrain<IEmbeddingStoreGrain>(0);

    /// <summary>The names of the templates that processes can be made of.</summary>
    public Task<ImmutableArray<string>> ListTemplatesAsync() => Grains.GetGrain<IProcessTemplateGrain>(0).ListAsync();

    /// <summary>What a process of a template is to be, for <see cref="SpawnAsync"/>; its name is the template's.</summary>
    /// <exception cref="LlmosException">There is no such template, or it is wrong.</exception>
    public Task<ProcessSpec> GetTemplateAsync(string name) => Grains.GetGrain<IProcessTemplateGrain>(0).GetAsync(name);
}
