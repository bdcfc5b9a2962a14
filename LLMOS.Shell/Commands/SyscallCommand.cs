using System.Collections.Immutable;
using System.CommandLine;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Syscalls;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Commands;

/// <summary>A system call that has no command of its own, as a command: what it needs are arguments, all else are options. Where it needs nothing, the first thing that it takes can be said as either.</summary>
internal sealed class SyscallCommand : ShellCommand
{
    private readonly SyscallDefinition _definition;
    private readonly List<(SyscallParameter Parameter, Argument<string?> Argument)> _arguments = [];
    private readonly List<(SyscallParameter Parameter, Option<string?> Option)> _options = [];
    private readonly Argument<string?>? _first;
    private readonly Option<string?> _as = CallCommand.InPlaceOf();

    public SyscallCommand(SyscallDefinition definition, ShellContext context)
        : base(definition.Name.ToLowerInvariant(), definition.Description.TrimEnd('.'), context)
    {
        _definition = definition;
        if (Name != definition.Name)
        {
            Aliases.Add(definition.Name);
        }

        foreach (var parameter in definition.Parameters)
        {
            if (parameter.Required)
            {
                var argument = new Argument<string?>(parameter.Name.ToUpperInvariant()) { Description = Describe(parameter), HelpName = HelpNameOf(parameter) };
                _arguments.Add((parameter, argument));
                Add(argument);
            }
            else
            {
                var option = new Option<string?>("--" + Dashed(parameter.Name)) { Description = Describe(parameter), HelpName = HelpNameOf(parameter) };
                _options.Add((parameter, option));
                Add(option);
            }
        }

        if (_arguments.Count == 0 && definition.Parameters is [var first, ..])
        {
            _first = new Argument<string?>(first.Name.ToUpperInvariant()) { Description = $"{Describe(first)}; the same as --{Dashed(first.Name)}", HelpName = HelpNameOf(first), Arity = ArgumentArity.ZeroOrOne };
            Add(_first);
        }

        Add(_as);
    }

    /// <summary>Commands for those system calls that none of the names given stands for.</summary>
    public static IEnumerable<SyscallCommand> Missing(IEnumerable<string> names, ShellContext context)
    {
        var known = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return SyscallCatalog.All.Where(definition => !known.Contains(definition.Name)).Select(definition => new SyscallCommand(definition, context));
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, SyscallValue>(StringComparer.Ordinal);
        foreach (var (parameter, argument) in _arguments)
        {
            values[parameter.Name] = CallCommand.Value(parameter.Type, parse.GetValue(argument)!);
        }

        foreach (var (parameter, option) in _options)
        {
            if (parse.GetValue(option) is { } said)
            {
                values[parameter.Name] = CallCommand.Value(parameter.Type, said);
            }
        }

        if (_first is not null && parse.GetValue(_first) is { } word)
        {
            var parameter = _definition.Parameters[0];
            if (!values.TryAdd(parameter.Name, CallCommand.Value(parameter.Type, word)))
            {
                throw new UsageException($"'{word}' and --{Dashed(parameter.Name)} say the same thing twice: leave one of them out.");
            }
        }

        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = false }, cancellationToken);
        var pid = parse.GetValue(_as) is { } named ? await lease.Client.ResolveAsync(named) : default(long?);
        SyscallView.Show(Context.Console, await Context.Directory.CallAsync(lease.Client, new SyscallCall(_definition.Name, values.ToImmutable()), pid, cancellationToken));
        return ExitCodes.Success;
    }

    private static string Describe(SyscallParameter parameter) => parameter.Type switch
    {
        SyscallArgumentType.Process => "A process: a PID or a name",
        SyscallArgumentType.Processes => "Processes: PIDs or names, with commas between them",
        SyscallArgumentType.Number => "A number",
        SyscallArgumentType.Flag => "true or false",
        SyscallArgumentType.Priority => "0 (highest) to 19, or a class",
        SyscallArgumentType.Choice => $"One of {string.Join(", ", parameter.Choices)}",
        _ => "A text",
    };

    private static string HelpNameOf(SyscallParameter parameter) => parameter.Type switch
    {
        SyscallArgumentType.Process => "PID|NAME",
        SyscallArgumentType.Processes => "PID|NAME,…",
        SyscallArgumentType.Choice => string.Join('|', parameter.Choices),
        SyscallArgumentType.Flag => "true|false",
        _ => parameter.Name.ToUpperInvariant(),
    };

    private static string Dashed(string name) => string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? "-" + char.ToLowerInvariant(c) : c.ToString()));
}
