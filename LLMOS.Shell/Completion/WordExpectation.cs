using System.CommandLine;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Commands.Collections;
using LLMOS.Shell.Commands.Files;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Completion;

/// <summary>What the command tree expects after some words. Pure: it asks no system.</summary>
internal static class WordExpectation
{
    private static readonly string[] PriorityClasses = ["REALTIME", "HIGH", "NORMAL", "LOW", "IDLE"];

    /// <param name="root">The command of everything.</param>
    /// <param name="words">The words before the one that is being written.</param>
    /// <param name="prefix">What of that one is written.</param>
    public static ExpectedWord Of(RootCommand root, IReadOnlyList<string> words, string prefix)
    {
        ArgumentNullException.ThrowIfNull(root);
        Command command = root;
        var arguments = 0;
        var options = Options(root, []);
        var only = false;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (!only && word == "--")
            {
                only = true;
            }
            else if (!only && word.StartsWith('-') && FindOption(options, word) is { } option)
            {
                if (Takes(option))
                {
                    if (i == words.Count - 1)
                    {
                        return Value(option.HelpName ?? "", option.Name, command);
                    }

                    i++;
                }
            }
            else if (arguments == 0 && command.Subcommands.FirstOrDefault(sub => sub.Name == word || sub.Aliases.Contains(word)) is { } sub)
            {
                command = sub;
                options = Options(sub, options);
            }
            else if (!word.StartsWith('-') || only)
            {
                arguments++;
            }
        }

        if (!only && prefix.StartsWith('-'))
        {
            return new ExpectedWord(WordKind.Text, [.. options.Where(option => !option.Hidden).Select(option => option.Name).Order(StringComparer.Ordinal)]);
        }

        if (arguments == 0 && command.Subcommands.Count > 0)
        {
            return new ExpectedWord(WordKind.Text, [.. command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => sub.Aliases.Where(alias => alias.All(char.IsLower)).Prepend(sub.Name)).Distinct().Order(StringComparer.Ordinal)]);
        }

        var expected = command.Arguments.ElementAtOrDefault(arguments) ?? command.Arguments.LastOrDefault(last => last.Arity.MaximumNumberOfValues > 1);
        return expected is null ? new ExpectedWord(WordKind.Text, []) : ArgumentOf(command, expected, words);
    }

    private static ExpectedWord ArgumentOf(Command command, Argument argument, IReadOnlyList<string> words) => (command, argument.Name) switch
    {
        (CallCommand, "SYSCALL") => new ExpectedWord(WordKind.Syscall, []),
        (CallCommand, _) => new ExpectedWord(WordKind.Text, [.. SyscallCatalog.Find(words.SkipWhile(word => word != "call").ElementAtOrDefault(1) ?? "")?.Parameters.Select(parameter => parameter.Name + "=") ?? []]),
        (HelpCommand, _) => new ExpectedWord(WordKind.Command, []),
        (CompletionCommand, _) => new ExpectedWord(WordKind.Text, [.. CompletionScripts.Shells]),
        (FsImportCommand, "FROM") => new ExpectedWord(WordKind.HostPath, []),
        (FsDiffCommand, "FROM" or "TO") => new ExpectedWord(WordKind.Text, []),
        (FileCommand, "PATH" or "TO") => new ExpectedWord(WordKind.VfsPath, []),
        (SyscallCommand, "PATH" or "TO") => new ExpectedWord(WordKind.VfsPath, []),
        (CollectionCommand, "NAME") => new ExpectedWord(WordKind.Collection, []),
        (Commands.Settings.SettingCommand, "NAME") => new ExpectedWord(WordKind.Setting, []),
        _ => Value(argument.HelpName ?? argument.Name, argument.Name, command),
    };

    private static ExpectedWord Value(string help, string name, Command command) => help switch
    {
        _ when name == "--connect" => new ExpectedWord(WordKind.Text, []),
        _ when name is "--model" or "MODEL" => new ExpectedWord(WordKind.Model, []),
        _ when name is "--resume" || help.Contains("RUN", StringComparison.Ordinal) => new ExpectedWord(WordKind.Run, []),
        _ when name is "--priority" or "PRIORITY" => new ExpectedWord(WordKind.Priority, PriorityClasses),
        _ when name is "--collection" or "--into" => new ExpectedWord(WordKind.Collection, []),
        _ when name is "GROUP" => new ExpectedWord(WordKind.Group, []),
        _ when help.Contains("PID", StringComparison.Ordinal) => new ExpectedWord(WordKind.Process, []),
        _ when name is "REGION" or "PATH" && command is not FileCommand => new ExpectedWord(WordKind.VfsPath, []),
        _ when help is "DIR" or "FILE" or "FOLDER" || name is "FOLDER" or "FILE" or "--workflow" => new ExpectedWord(WordKind.HostPath, []),
        _ when help.Contains('|') && help.All(c => char.IsAsciiLetterLower(c) || c is '|' or '-') => new ExpectedWord(WordKind.Text, help.Split('|')),
        "COLUMN" => new ExpectedWord(WordKind.Text, [.. Top.TopColumn.All.Select(column => column.Key)]),
        _ => new ExpectedWord(WordKind.Text, []),
    };

    private static IReadOnlyList<Option> Options(Command command, IEnumerable<Option> above) => [.. above.Where(option => option.Recursive), .. command.Options];

    private static Option? FindOption(IEnumerable<Option> options, string word) =>
        options.FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word));

    private static bool Takes(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;
}
