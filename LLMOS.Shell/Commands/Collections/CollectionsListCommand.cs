using System.CommandLine;
using LLMOS.Cognition.Embeddings;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Commands.Collections;

/// <summary><c>collections list</c>: what collections there are, and how large they are.</summary>
internal sealed class CollectionsListCommand : CollectionCommand
{
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public CollectionsListCommand(ShellContext context)
        : base("list", "List collections with their figures", context)
    {
        Aliases.Add("ls");
        Aliases.Add("stats");
        Add(_format);
    }

    protected override async Task RunAsync(ParseResult parse, IEmbeddingStoreGrain store, CancellationToken cancellationToken) =>
        CollectionView.Show(Context.Console, await store.ListAsync(), parse.GetValue(_format));
}
