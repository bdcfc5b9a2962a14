using System.CommandLine;
using LLMOS.Cognition.Embeddings;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands.Collections;

/// <summary>A command on collections: it opens a session, and the rest is a call or two.</summary>
internal abstract class CollectionCommand(string name, string description, ShellContext context) : ShellCommand(name, description, context)
{
    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        await RunAsync(parse, lease.Client.Embeddings, cancellationToken).WaitAsync(cancellationToken);
        return ExitCodes.Success;
    }

    protected abstract Task RunAsync(ParseResult parse, IEmbeddingStoreGrain store, CancellationToken cancellationToken);

    protected static Argument<string> NameArgument() => new("NAME") { Description = "The collection" };

    public static Option<string?> Embedder() => new("--embedder")
    {
        Description = "What makes the vectors: a model that llmos models lists, or none (default: the system's vector space)",
        HelpName = "MODEL|none",
    };

    /// <summary>A model is named as everywhere else.</summary>
    public static string? EmbedderOf(string? said) => said is null or Embedders.None || said.StartsWith(Embedders.ModelPrefix, StringComparison.Ordinal) ? said : Embedders.OfModel(said);
}
