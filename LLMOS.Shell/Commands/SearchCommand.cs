using System.CommandLine;
using LLMOS.Cognition.Embeddings;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands;

/// <summary><c>search</c>: finds by meaning and by words, in VectorFS or in a collection.</summary>
internal sealed class SearchCommand : ShellCommand
{
    private const int MaxCount = 1_000;

    private readonly Argument<string> _query = new("QUERY") { Description = "What it should be about" };
    private readonly Option<string?> _collection = new("--collection", "-c") { Description = "In this collection (default: in VectorFS)", HelpName = "NAME" };

    private readonly Option<int> _count = new("--lines", "-n")
    {
        Description = "At most so many (default 10)",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
        Validators =
        {
            result =>
            {
                if (OptionNumber.Of<long>(result) is < 1 or > MaxCount)
                {
                    result.AddError($"--lines is {result.Tokens[0].Value}: use 1 to {MaxCount}.");
                }
            },
        },
    };

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public SearchCommand(ShellContext context)
        : base("search", "Find by meaning and by words, the best first; fs search and collections search have more to say", context)
    {
        Add(_query);
        Add(_collection);
        Add(_count);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var query = parse.GetRequiredValue(_query);
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        if (parse.GetValue(_collection) is { } collection)
        {
            var records = await lease.Client.Embeddings.SearchAsync(collection, new EmbeddingQuery { Text = query, Words = query, Limit = parse.GetValue(_count) }).WaitAsync(cancellationToken);
            CollectionView.Show(Context.Console, records, parse.GetValue(_format));
        }
        else
        {
            var matches = await lease.Client.Files.SearchAsync(query, VfsPath.Root, parse.GetValue(_count)).WaitAsync(cancellationToken);
            FileView.Show(Context.Console, matches, parse.GetValue(_format));
        }

        return ExitCodes.Success;
    }
}
