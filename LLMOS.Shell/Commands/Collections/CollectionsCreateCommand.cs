using System.CommandLine;
using LLMOS.Cognition.Embeddings;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Commands.Collections;

/// <summary><c>collections create</c>.</summary>
internal sealed class CollectionsCreateCommand : CollectionCommand
{
    private readonly Argument<string> _name = NameArgument();
    private readonly Option<string?> _embedder = Embedder();
    private readonly Option<int?> _dimension = new("--dimension") { Description = "Floats of a vector (default: what the embedder makes)", HelpName = "N" };
    private readonly Option<string?> _distance = new("--distance") { Description = "cosine or dot (default cosine)", HelpName = "cosine|dot" };
    private readonly Option<bool> _shared = new("--shared") { Description = "Let others than you change its records" };

    public CollectionsCreateCommand(ShellContext context)
        : base("create", "Make a collection", context)
    {
        Add(_name);
        Add(_embedder);
        Add(_dimension);
        Add(_distance);
        Add(_shared);
    }

    protected override async Task RunAsync(ParseResult parse, IEmbeddingStoreGrain store, CancellationToken cancellationToken)
    {
        var made = await store.CreateAsync(new CollectionSpec
        {
            Name = parse.GetRequiredValue(_name),
            Embedder = EmbedderOf(parse.GetValue(_embedder)),
            Dimension = parse.GetValue(_dimension),
            Distance = parse.GetValue(_distance)?.ToUpperInvariant() switch
            {
                null or "COSINE" => EmbeddingDistance.Cosine,
                "DOT" => EmbeddingDistance.DotProduct,
                _ => throw new UsageException($"'{parse.GetValue(_distance)}' is no distance: use cosine or dot."),
            },
            IsShared = parse.GetValue(_shared),
        });
        CollectionView.Show(Context.Console, [made], OutputFormat.Table);
    }
}
