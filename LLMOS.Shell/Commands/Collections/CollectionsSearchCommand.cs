using System.CommandLine;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Commands.Collections;

/// <summary><c>collections search</c>: finds records by meaning and by words.</summary>
internal sealed class CollectionsSearchCommand : CollectionCommand
{
    private readonly Argument<string> _name = NameArgument();
    private readonly Argument<string> _query = new("QUERY") { Description = "What they should be about" };
    private readonly Option<int> _limit = new("--lines", "-n") { Description = "At most so many (default 10)", HelpName = "N", DefaultValueFactory = _ => 10 };
    private readonly Option<string[]> _where = new("--where") { Description = "Only records whose field is a value, such as path=/notes/a.md; several have to hold together", HelpName = "FIELD=VALUE", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _vectors = new("--vectors") { Description = "By vectors alone, and not by words too" };
    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public CollectionsSearchCommand(ShellContext context)
        : base("search", "Find records by meaning and by words, the best first", context)
    {
        Add(_name);
        Add(_query);
        Add(_limit);
        Add(_where);
        Add(_vectors);
        Add(_format);
    }

    protected override async Task RunAsync(ParseResult parse, IEmbeddingStoreGrain store, CancellationToken cancellationToken)
    {
        var query = parse.GetRequiredValue(_query);
        var conditions = (parse.GetValue(_where) ?? []).Select(Condition).ToArray();
        var matches = await store.SearchAsync(parse.GetRequiredValue(_name), new EmbeddingQuery
        {
            Text = query,
            Words = parse.GetValue(_vectors) ? null : query,
            Limit = parse.GetValue(_limit),
            Filter = conditions.Length == 0 ? null : MetadataFilter.And([.. conditions]),
        });
        CollectionView.Show(Context.Console, matches, parse.GetValue(_format));
    }

    /// <summary>A value that looks like a number, true or false is that or the text.</summary>
    private static MetadataFilter Condition(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw new UsageException($"--where is '{text}': use FIELD=VALUE, such as path=/notes/a.md.");
        }

        var (field, value) = (text[..equals], text[(equals + 1)..]);
        return double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? MetadataFilter.In(field, value, number)
            : bool.TryParse(value, out var isTrue) ? MetadataFilter.In(field, value, isTrue)
            : MetadataFilter.Equal(field, value);
    }
}
