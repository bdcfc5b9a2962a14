using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using LLMOS.Shell.Commands.Collections;
using LLMOS.Shell.Commands.Files;
using LLMOS.Shell.Commands.Keys;
using LLMOS.Shell.Commands.Settings;

namespace LLMOS.Shell.Commands;

/// <summary>All commands of <c>llmos</c>: the same tree parses the command line and the lines of the interactive shell.</summary>
internal sealed class CommandTree
{
    private readonly RootCommand _root;

    public CommandTree(ShellContext context, Func<ParseResult, CancellationToken, Task<int>> interactive)
    {
        _root = new RootCommand(
            "LLMOS runs LLM processes on this machine: it boots an embedded silo, or joins a cluster with --connect. Without a command: the interactive shell.");
        _root.Options.Remove(_root.Options.OfType<VersionOption>().Single());
        Version = new Option<bool>("--version") { Description = "Write the version" };
        _root.Add(Version);
        _root.Add(context.Global.Data);
        _root.Add(context.Global.Connect);
        _root.Add(context.Global.Quiet);
        _root.Add(Model);
        _root.Add(DryRun);
        _root.Add(Yes);
        Command[] commands =
        [
            new RunCommand(context),
            new RunsCommand(context),
            new PsCommand(context),
            new TopCommand(context),
            new StatusCommand(context),
            new AttachCommand(context),
            new LogCommand(context),
            new LogsCommand(context),
            new ModelsCommand(context),
            new ParseCommand(context),
            new DoCommand(context),
            new CallCommand(context),
            new SpawnCommand(context),
            new AskCommand(context),
            new SendCommand(context),
            new ReceiveCommand(context),
            new BroadcastCommand(context),
            new GroupsCommand(context),
            MembershipCommand.Join(context),
            MembershipCommand.Leave(context),
            new DeadCommand(context),
            new ReplayCommand(context),
            SignalCommand.Kill(context),
            new WaitCommand(context),
            SignalCommand.Suspend(context),
            SignalCommand.Resume(context),
            new SetPriorityCommand(context),
            new NiceCommand(context),
            new RevokeCommand(context),
            new AuditCommand(context),
            new LimitCommand(context),
            new KeysCommand(context),
            new SwapModelCommand(context),
            new CatCommand(context),
            new MemCommand(context),
            new FsCommand(context),
            new SearchCommand(context),
            new FsFindCommand(context, isOfShell: true),
            new MountCommand(context),
            new IndexCommand(context),
            new CollectionsCommand(context),
            new BootCommand(context),
            new SimulateCommand(context),
            new ConfigCommand(context),
            new CompletionCommand(context),
            new CompleteCommand(context, this),
            new HelpCommand(context, Parse),
        ];
        foreach (var command in commands.Concat(SyscallCommand.Missing(commands.SelectMany(command => command.Aliases.Prepend(command.Name)), context)))
        {
            _root.Add(command);
        }

        _root.SetAction(interactive);
    }

    public Option<bool> Version { get; }

    /// <summary>The model of the interactive shell.</summary>
    public Option<string?> Model { get; } = GlobalOptions.Model();

    /// <summary>Whether sentences of the interactive shell are only shown as what they would do.</summary>
    public Option<bool> DryRun { get; } = DoCommand.DryRunOption();

    /// <summary>Whether the interactive shell asks nothing before it does what a sentence says.</summary>
    public Option<bool> Yes { get; } = DoCommand.YesOption();

    /// <summary>The command of everything.</summary>
    public RootCommand Root => _root;

    public IEnumerable<string> CommandNames => _root.Subcommands.SelectMany(command => command.Aliases.Prepend(command.Name));

    public ParseResult Parse(IReadOnlyList<string> words) => _root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Whether a command line asks for help, which needs nothing else to be right.</summary>
    public static bool IsHelp(ParseResult parse) => parse.Action is HelpAction;

    /// <summary>What is wrong with a command line, in one sentence; null when it is right.</summary>
    public static string? ErrorOf(ParseResult parse)
    {
        ArgumentNullException.ThrowIfNull(parse);
        var help = parse.CommandResult.Command is RootCommand ? "llmos --help" : $"llmos {parse.CommandResult.Command.Name} --help";
        if (UnknownOption(parse) is { } option)
        {
            return $"'{option}' is no option of this command: see {help}, or put -- before a text that begins so.";
        }

        if (parse.Errors.Count == 0)
        {
            return null;
        }

        var sentence = Sentence(parse, parse.Errors[0]).TrimEnd('.');
        return sentence.Contains(": ", StringComparison.Ordinal) ? sentence + "." : $"{sentence}: see {help}.";
    }

    private static string Sentence(ParseResult parse, ParseError error)
    {
        var command = parse.CommandResult.Command;
        if (parse.UnmatchedTokens.Count > 0 && error.Message.Contains(parse.UnmatchedTokens[0], StringComparison.Ordinal))
        {
            return command is RootCommand
                ? $"'{parse.UnmatchedTokens[0]}' is no command"
                : $"'{parse.UnmatchedTokens[0]}' is one argument too many; put a text of several words in quotes";
        }

        // The parser's own sentences name types of the program; those of validators are written for people.
        var isParsers = error.Message.StartsWith("Cannot parse", StringComparison.Ordinal) || error.Message.StartsWith("Required", StringComparison.Ordinal);
        return error.SymbolResult switch
        {
            OptionResult { Tokens: [] } option => $"{option.Option.Name} wants a value, {option.Option.HelpName}",
            OptionResult { Tokens: [var value, ..] } option when isParsers => $"{option.Option.Name} is '{value.Value}', which is no number",
            ArgumentResult { Tokens: [var value, ..], Parent: OptionResult option } when isParsers => $"{option.Option.Name} is '{value.Value}', which is no number",
            ArgumentResult { Tokens: [var value, ..] } argument when isParsers => $"{argument.Argument.Name} is '{value.Value}', which is no number",
            ArgumentResult { Tokens: [] } argument => $"{command.Name} wants {argument.Argument.HelpName ?? argument.Argument.Name}",
            CommandResult when isParsers => $"{command.Name} wants {string.Join(" and ", Missing(parse))}",
            _ => error.Message.Trim(),
        };
    }

    private static IEnumerable<string> Missing(ParseResult parse) => parse.CommandResult.Command.Arguments
        .Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parse.GetResult(argument) is null or { Tokens: [] })
        .Select(argument => argument.HelpName ?? argument.Name);

    /// <summary>A word that looks like an option and was taken for an argument, as it is for want of a better reading.</summary>
    private static string? UnknownOption(ParseResult parse)
    {
        var words = parse.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToHashSet();
        return parse.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(words.Contains)
            .Select(token => token.Value)
            .Concat(parse.UnmatchedTokens.Where(word => parse.Tokens.All(token => token.Type != TokenType.DoubleDash)))
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && !word.Contains(' '));
    }
}
