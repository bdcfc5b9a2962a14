using System.CommandLine;
using LLMOS.Client;
using LLMOS.Shell.Completion;
using LLMOS.Shell.Sessions;

namespace LLMOS.Shell.Commands;

/// <summary><c>complete</c>: what the scripts of <c>completion</c> call. It writes the words that fit, and never an error.</summary>
internal sealed class CompleteCommand : ShellCommand
{
    private readonly CommandTree _tree;
    private readonly Argument<string[]> _words = new("WORD") { Description = "The words before", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _prefix = new("--prefix") { Description = "What of the word is written", HelpName = "TEXT", Arity = ArgumentArity.ZeroOrOne };

    public CompleteCommand(ShellContext context, CommandTree tree)
        : base("complete", "Write the words that a command line can go on with", context)
    {
        _tree = tree;
        Hidden = true;
        Add(_words);
        Add(_prefix);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        string[] words = parse.GetValue(_words) ?? [];
        var prefix = parse.GetValue(_prefix) ?? "";

        // The command line that is being written may say which system it is for.
        var written = _tree.Parse(words);
        var options = new SessionOptions { Data = written.GetValue(Context.Global.Data), Connect = written.GetValue(Context.Global.Connect), Works = false };
        var expected = WordExpectation.Of(_tree.Root, words, prefix);
        await using var session = expected.Kind.AsksSystem() ? await FindAsync(options, cancellationToken) : null;
        foreach (var word in await new ShellCompleter(_tree, () => session?.Client, options, Context.Directory).CompleteAsync(words, prefix, cancellationToken))
        {
            await Context.Console.Out.WriteLineAsync(Output.SafeText.Line(word));
        }

        return ExitCodes.Success;
    }

    /// <summary>The system that runs; null where none does.</summary>
    private static async Task<Session?> FindAsync(SessionOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (options.Connect is not null)
            {
                return await RemoteSession.OpenAsync(options, cancellationToken);
            }

            var folder = SiloSettings.Folder(options);
            return SiloEndpointFile.Find(folder) is { } endpoint ? await RemoteSession.JoinAsync(endpoint, folder, cancellationToken) : null;
        }
        catch (LlmosException)
        {
            return null;
        }
    }
}
