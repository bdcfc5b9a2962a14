using System.Collections.Immutable;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Templates;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Client;

/// <summary>VectorFS, and the templates of processes that lie in it.</summary>
public sealed partial class LlmosClient
{
    /// <summary>The tree of files that can be found by path, by words and by meaning.</summary>
    public IVectorFsGrain Files => Grains.GetGrain<IVectorFsGrain>(0);

    /// <summary>The embedding store: collections of records that are found by vectors and by words.</summary>
    public IEmbeddingStoreGrain Embeddings => Grains.GetGrain<IEmbeddingStoreGrain>(0);

    /// <summary>The names of the templates that processes can be made of.</summary>
    public Task<ImmutableArray<string>> ListTemplatesAsync() => Grains.GetGrain<IProcessTemplateGrain>(0).ListAsync();

    /// <summary>What a process of a template is to be, for <see cref="SpawnAsync"/>; its name is the template's.</summary>
    /// <exception cref="LlmosException">There is no such template, or it is wrong.</exception>
    public Task<ProcessSpec> GetTemplateAsync(string name) => Grains.GetGrain<IProcessTemplateGrain>(0).GetAsync(name);
}
