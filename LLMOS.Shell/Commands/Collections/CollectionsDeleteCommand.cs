using System.CommandLine;
using LLMOS.Cognition.Embeddings;

namespace LLMOS.Shell.Commands.Collections;

/// <summary><c>collections delete</c>.</summary>
internal sealed class CollectionsDeleteCommand : CollectionCommand
{
    private readonly Argument<string> _name = NameArgument();

    public CollectionsDeleteCommand(ShellContext context)
        : base("delete", "Remove a collection with all that is in it", context)
    {
        Aliases.Add("rm");
        Add(_name);
    }

    protected override async Task RunAsync(ParseResult parse, IEmbeddingStoreGrain store, CancellationToken cancellationToken)
    {
        var name = parse.GetRequiredValue(_name);
        await Context.Console.Out.WriteLineAsync(await store.DeleteAsync(name)
            ? $"{name} is removed"
            : throw LlmosException.NotFound($"There is no collection '{name}': llmos collections list shows those there are."));
    }
}
