using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>An argument's value: words, a number, true, or a list of such; or what a caller sent in the place of one.</summary>
[GenerateSerializer, Immutable, Alias("llmos.syscall-value"), JsonConverter(typeof(SyscallValueConverter))]
public sealed record SyscallValue
{
    private SyscallValue()
    {
    }

    /// <summary>The words; null for anything else.</summary>
    [Id(0)] public string? Text { get; private init; }

    /// <summary>The number; null for anything else.</summary>
    [Id(1)] public decimal? Number { get; private init; }

    /// <summary>True or false; null for anything else.</summary>
    [Id(2)] public bool? Flag { get; private init; }

    /// <summary>The values of a list; empty for anything else.</summary>
    [Id(3)] public ImmutableArray<SyscallValue> Items { get; private init; } = [];

    /// <summary>What is no value, as it was sent: an object, a number that is too large. Every argument refuses it, by its name. Null for a value.</summary>
    [Id(4)] public string? Unfit { get; private init; }

    /// <summary>Words.</summary>
    public static SyscallValue Of(string text) => new() { Text = text };

    /// <summary>A number.</summary>
    public static SyscallValue Of(decimal number) => new() { Number = number };

    /// <summary>True or false.</summary>
    public static SyscallValue Of(bool flag) => new() { Flag = flag };

    /// <summary>What is no value, as it was sent.</summary>
    public static SyscallValue NoValue(string sent) => new() { Unfit = sent };

    /// <summary>A list.</summary>
    public static SyscallValue Of(IEnumerable<SyscallValue> items) => new() { Items = [.. items] };

    /// <summary>Whether it says the same as another: a number may be written in any way, words may stand between spaces.</summary>
    public bool Equals(SyscallValue? other) =>
        other is not null && Flag == other.Flag && Unfit == other.Unfit && Items.SequenceEqual(other.Items) && string.Equals(Canonical, other.Canonical, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Canonical, Flag, Items.Length);

    /// <inheritdoc/>
    public override string ToString() =>
        Unfit ?? (Flag is { } flag ? (flag ? "true" : "false") : Canonical ?? $"[{string.Join(",", Items)}]");

    private string? Canonical =>
        Number is { } number ? number.ToString("0.############", CultureInfo.InvariantCulture)
        : Text is null ? null
        : decimal.TryParse(Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var read)
            ? read.ToString("0.############", CultureInfo.InvariantCulture)
        : Text.Trim();
}
