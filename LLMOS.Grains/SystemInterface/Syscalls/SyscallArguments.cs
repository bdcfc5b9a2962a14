using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>The arguments of a syscall, read by the types that the catalog gives them; names of processes are PIDs here.</summary>
internal sealed class SyscallArguments
{
    private readonly string _syscall;
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    private SyscallArguments(string syscall) => _syscall = syscall;

    /// <summary>Reads the arguments of a call.</summary>
    /// <exception cref="LlmosException">One is missing, unknown, of another type or names no process.</exception>
    public static async Task<SyscallArguments> ReadAsync(SyscallDefinition definition, SyscallCall call, IProcessTableGrain table)
    {
        var read = new SyscallArguments(definition.Name);
        foreach (var (name, value) in call.Args)
        {
            var parameter = definition.Find(name) ?? throw SyscallErrors.Wrong(definition.Name, AuditOfCall.Shorten(name), Unknown(definition, name, value));
            read._values.Add(name, await read.ReadAsync(parameter, value, table));
        }

        return definition.Parameters.FirstOrDefault(parameter => parameter.Required && !read._values.ContainsKey(parameter.Name)) is { } missing
            ? throw SyscallErrors.Wrong(definition.Name, missing.Name, "It is missing.")
            : read;
    }

    public string? Text(string name) => (string?)_values.GetValueOrDefault(name);

    public bool Flag(string name) => _values.GetValueOrDefault(name) is true;

    public long? Pid(string name) => (long?)_values.GetValueOrDefault(name);

    public ImmutableArray<long> Pids(string name) => _values.GetValueOrDefault(name) is ImmutableArray<long> pids ? pids : [];

    public ProcessPriority? Priority(string name) => (ProcessPriority?)_values.GetValueOrDefault(name);

    /// <summary>A whole number inside of a range; null where it was not said.</summary>
    /// <exception cref="LlmosException">It is not whole, or outside.</exception>
    public long? Whole(string name, long least, long most)
    {
        if (_values.GetValueOrDefault(name) is not decimal number)
        {
            return null;
        }

        return number == decimal.Truncate(number) && number >= least && number <= most
            ? (long)number
            : throw SyscallErrors.Wrong(_syscall, name, string.Create(CultureInfo.InvariantCulture, $"{number} does not fit: use a whole number from {least} to {most}."));
    }

    private async Task<object> ReadAsync(SyscallParameter parameter, SyscallValue? value, IProcessTableGrain table)
    {
        if (value is null)
        {
            throw Wrong(parameter, "nothing", "leave an argument out that is not said");
        }

        switch (parameter.Type)
        {
            case SyscallArgumentType.Text:
                var text = value.Text ?? throw Wrong(parameter, value, "use text");
                return text.Length <= MessageRules.MaxPayloadLength ? text : throw SyscallErrors.Wrong(
                    _syscall, parameter.Name, $"A text of {text.Length} characters is over the limit of {MessageRules.MaxPayloadLength}: put it into a context region in parts, and send the region's path.");

            case SyscallArgumentType.Number:
                return value.Number ?? (value.Text is { } said && decimal.TryParse(said, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw Wrong(parameter, value, "use a number"));

            case SyscallArgumentType.Flag:
                return value.Flag ?? throw Wrong(parameter, value, "use true or false");

            case SyscallArgumentType.Process:
                return await ResolveAsync(parameter, value, table);

            case SyscallArgumentType.Processes:
                var pids = ImmutableArray.CreateBuilder<long>();
                foreach (var item in value.Items.IsDefaultOrEmpty ? [value] : value.Items)
                {
                    pids.Add(await ResolveAsync(parameter, item, table));
                }

                return pids.ToImmutable();

            case SyscallArgumentType.Priority:
                try
                {
                    return ProcessPriority.Parse(value.Text ?? (value.Number is not null ? value.ToString() : throw Wrong(parameter, value, "use 0 to 19 or the name of a class")));
                }
                catch (LlmosException wrong)
                {
                    throw SyscallErrors.Named(wrong, _syscall, parameter.Name);
                }

            default:
                return value.Text is { } chosen && parameter.Choices.FirstOrDefault(choice => choice.Equals(chosen.Trim(), StringComparison.OrdinalIgnoreCase)) is { } choice
                    ? choice
                    : throw Wrong(parameter, value, $"use {string.Join(", ", parameter.Choices)}");
        }
    }

    private async Task<long> ResolveAsync(SyscallParameter parameter, SyscallValue value, IProcessTableGrain table)
    {
        var named = value switch
        {
            { Number: { } number } when number == decimal.Truncate(number) && number is > 0 and <= long.MaxValue => value.ToString(),
            { Text: { } text } when !string.IsNullOrWhiteSpace(text) && text.Length <= ProcessSpecRules.MaxNameLength => text.Trim(),
            _ => throw Wrong(parameter, value, "use a PID from 1 up, or the name of a process"),
        };
        try
        {
            return await table.ResolveAsync(named);
        }
        catch (LlmosException unknown)
        {
            throw SyscallErrors.Named(unknown, _syscall, parameter.Name);
        }
    }

    private static string Unknown(SyscallDefinition definition, string name, SyscallValue? value)
    {
        if (name == SyscallCall.Whole && value?.Unfit is { } sent)
        {
            return $"'{AuditOfCall.Shorten(sent)}' does not fit: use an object of arguments by their names, {{}} for none.";
        }

        var known = definition.Parameters.IsEmpty ? "none" : string.Join(", ", definition.Parameters.Select(parameter => parameter.Name));
        return $"There is no such argument: it takes {known}.";
    }

    private LlmosException Wrong(SyscallParameter parameter, object value, string remedy)
    {
        var shown = value.ToString() ?? "";
        return SyscallErrors.Wrong(_syscall, parameter.Name, $"'{(shown.Length <= 60 ? shown : shown[..60] + "…")}' does not fit: {remedy}.");
    }
}
