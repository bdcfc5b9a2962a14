using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Syscalls;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Commands;

/// <summary><c>call</c>: makes one system call, with its arguments as they are.</summary>
internal sealed class CallCommand : ShellCommand
{
    private readonly Argument<string> _name = new("SYSCALL") { Description = "The syscall; call help lists them" };

    private readonly Argument<string[]> _arguments = new("NAME=VALUE")
    {
        Description = "Its arguments, such as pid=42 text=\"hello there\"",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _as = InPlaceOf();

    public CallCommand(ShellContext context)
        : base("call", "Make a system call", context)
    {
        Add(_name);
        Add(_arguments);
        Add(_as);
    }

    public static Option<string?> InPlaceOf() => new("--as")
    {
        Description = "The process in whose place it is made, with what that process may do",
        HelpName = "PID|NAME",
    };

    /// <summary>Reads arguments as they are typed, by the types that the catalog gives them.</summary>
    /// <exception cref="UsageException">One has no name, or is said twice.</exception>
    internal static SyscallCall Read(string name, IEnumerable<string> arguments)
    {
        var definition = SyscallCatalog.Find(name);
        var values = ImmutableSortedDictionary.CreateBuilder<string, SyscallValue>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var at = argument.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new UsageException($"'{argument}' is no argument of a syscall: write NAME=VALUE, such as pid=42.");
            }

            var key = argument[..at];
            if (!values.TryAdd(key, Value(definition?.Find(key)?.Type, argument[(at + 1)..])))
            {
                throw new UsageException($"{key} is said twice: say it once.");
            }
        }

        return new SyscallCall(name, values.ToImmutable());
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var call = Read(parse.GetRequiredValue(_name), parse.GetValue(_arguments) ?? []);
        await using var lease = await Context.OpenAsync(parse, new SessionOptions { Works = call.Name is "wait" or "receive" }, cancellationToken);
        var pid = parse.GetValue(_as) is { } named ? await lease.Client.ResolveAsync(named) : default(long?);
        SyscallView.Show(Context.Console, await Context.Directory.CallAsync(lease.Client, call, pid, cancellationToken));
        return ExitCodes.Success;
    }

    /// <summary>A value as its type wants it; what it cannot be is a text, which the dispatcher refuses by name.</summary>
    internal static SyscallValue Value(SyscallArgumentType? type, string text) => type switch
    {
        SyscallArgumentType.Number or SyscallArgumentType.Process or SyscallArgumentType.Priority
            when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => SyscallValue.Of(number),
        SyscallArgumentType.Flag when bool.TryParse(text, out var flag) => SyscallValue.Of(flag),
        SyscallArgumentType.Processes => SyscallValue.Of(text.Split(',').Select(item => Value(SyscallArgumentType.Process, item))),
        _ => SyscallValue.Of(text),
    };
}
