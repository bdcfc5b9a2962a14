using System.CommandLine;
using System.Globalization;
using LLMOS.Agents;
using LLMOS.Cognition.Embeddings;
using LLMOS.Shell.Indexing;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands.Collections;

/// <summary><c>index</c>: takes the text of a folder of this machine into a collection. Doing it again takes in what has changed, and goes on where it was interrupted.</summary>
internal sealed class IndexCommand : ShellCommand
{
    private readonly Argument<string> _folder = new("FOLDER") { Description = "A folder of this machine: text, Markdown, HTML, source and PDF files, those below it too; hidden ones are passed over" };
    private readonly Option<string?> _into = new("--into") { Description = "The collection (default: one with the folder's name)", HelpName = "COLLECTION" };
    private readonly Option<string?> _embedder = CollectionCommand.Embedder();

    public IndexCommand(ShellContext context)
        : base("index", "Take the files of a folder of this machine into a collection, to be found by meaning and by words", context)
    {
        Add(_folder);
        Add(_into);
        Add(_embedder);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parse.GetRequiredValue(_folder));
        if (!Directory.Exists(folder))
        {
            throw new UsageException(File.Exists(folder) ? $"'{folder}' is a file: name the folder that it lies in." : $"There is no folder '{folder}'.");
        }

        var collection = parse.GetValue(_into) ?? ProjectSlug.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
        if (parse.GetValue(_into) is null && !collection.All(char.IsAsciiLetterOrDigit))
        {
            throw new UsageException($"A collection cannot be called '{collection}', as the folder is: give it a name of letters and digits with --into.");
        }

        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var store = lease.Client.Embeddings;
        if (parse.GetValue(_embedder) is { } embedder || await store.FindAsync(collection) is null)
        {
            await store.CreateAsync(new CollectionSpec { Name = collection, Embedder = CollectionCommand.EmbedderOf(parse.GetValue(_embedder)) }).WaitAsync(cancellationToken);
        }

        var console = Context.Console;
        var isTerminal = console.ErrorIsTerminal && !parse.GetValue(Context.Global.Quiet);
        var counts = await new FolderIndexer(
            store,
            collection,
            sentence => console.WriteProgress(isTerminal ? $"\r{sentence}" : sentence),
            (done, all) =>
            {
                if (isTerminal)
                {
                    console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{done} of {all} files"));
                }
            }).IndexAsync(folder, cancellationToken);
        if (isTerminal)
        {
            await console.Error.WriteLineAsync();
        }

        await console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{collection}: {counts.Indexed} indexed ({counts.Pieces} pieces), {counts.Unchanged} unchanged, {counts.Removed} removed, {counts.LeftOut} left out"));
        return ExitCodes.Success;
    }
}
