using System.CommandLine;

namespace LLMOS.Shell.Commands.Collections;

/// <summary><c>collections</c>: the collections of the embedding store.</summary>
internal sealed class CollectionsCommand : Command
{
    public CollectionsCommand(ShellContext context)
        : base("collections", "Collections of texts and vectors: list, make, search and remove them")
    {
        Add(new CollectionsListCommand(context));
        Add(new CollectionsCreateCommand(context));
        Add(new CollectionsSearchCommand(context));
        Add(new CollectionsCompactCommand(context));
        Add(new CollectionsDeleteCommand(context));
    }
}
