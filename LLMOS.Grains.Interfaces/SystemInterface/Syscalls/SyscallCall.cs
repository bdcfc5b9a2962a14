using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A syscall with its arguments; those that were not said are left out.</summary>
/// <param name="Name">As in <see cref="SyscallCatalog"/>.</param>
/// <param name="Args">By the parameter's name.</param>
[GenerateSerializer, Immutable, Alias("llmos.syscall-call")]
public sealed record SyscallCall(
    [property: Id(0), JsonPropertyName("syscall")] string Name,
    [property: Id(1), JsonPropertyName("args"), JsonConverter(typeof(SyscallArgsConverter))] ImmutableSortedDictionary<string, SyscallValue> Args)
{
    /// <summary>The name under which a list of arguments that is none, such as <c>[42]</c>, is an argument: no syscall takes it.</summary>
    public const string Whole = "args";

    /// <summary>Whether it is the same syscall with the same arguments.</summary>
    public bool Equals(SyscallCall? other) =>
        other is not null && string.Equals(Name, other.Name, StringComparison.Ordinal) && Args.SequenceEqual(other.Args);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Args.Count);

    /// <summary>The call as a person reads it: <c>send pid=42 text="hello there"</c>.</summary>
    public override string ToString() => string.Concat(
        Args.Select(argument => argument.Value.Text is { } text && text.Contains(' ', StringComparison.Ordinal)
            ? $" {argument.Key}=\"{text}\""
            : $" {argument.Key}={argument.Value}").Prepend(Name));
}
