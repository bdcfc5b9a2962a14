using System.CommandLine;
using LLMOS.Cognition.Embeddings;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Commands.Collections;

/// <summary><c>collections compact</c>: forgets removals and writes the index out.</summary>
internal sealed class CollectionsCompactCommand : CollectionCommand
{
    private readonly Argument<string> _name = NameArgument();

    public CollectionsCompactCommand(ShellContext context)
        : base("compact", "Forget removals, and write the index where the next start maps it", context) => Add(_name);

    protected override async Task RunAsync(ParseResult parse, IEmbeddingStoreGrain store, CancellationToken cancellationToken) =>
        CollectionView.Show(Context.Console, [await store.CompactAsync(parse.GetRequiredValue(_name))], OutputFormat.Table);
}
