using System.Collections.Immutable;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.VectorFs;
using Orleans.Concurrency;

namespace LLMOS.SystemInterface.Templates;

/// <summary>Reads templates from VectorFS.</summary>
[StatelessWorker]
internal sealed class ProcessTemplateGrain : Grain, IProcessTemplateGrain
{
    private const string Extension = ".json";
    private const int Most = 10_000;

    private IVectorFsGrain Files => GrainFactory.GetGrain<IVectorFsGrain>(0);

    public async Task<ImmutableArray<string>> ListAsync() =>
    [
        .. (await Files.ListAsync(IProcessTemplateGrain.Folder, limit: Most))
            .Where(node => node.Kind == NodeKind.File && node.Path.EndsWith(Extension, StringComparison.Ordinal))
            .Select(node => VfsPath.NameOf(node.Path)[..^Extension.Length])
            .Where(name => !name.Any(char.IsUpper)),
    ];

    public async Task<ProcessSpec> GetAsync(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var names = await ListAsync();

        // Names are in small letters, so that no file beside it is taken for the one that is meant.
        var wanted = name.ToLowerInvariant();
        var found = names.FirstOrDefault(known => known == wanted) ?? throw LlmosException.NotFound(
            $"There is no template '{(name.Length <= 60 ? name : name[..60] + "…")}' in {IProcessTemplateGrain.Folder}: there is {(names.IsEmpty ? "none" : string.Join(", ", names))}.");
        return TemplateReader.Read(found, await Files.ReadAsync($"{IProcessTemplateGrain.Folder}/{found}{Extension}"));
    }
}
