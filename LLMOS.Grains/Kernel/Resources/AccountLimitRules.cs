using System.Globalization;

namespace LLMOS.Kernel.Resources;

/// <summary>What a limit may be, and which of two values allows more.</summary>
public static class AccountLimitRules
{
    /// <summary>The limits with one of them changed.</summary>
    /// <exception cref="LlmosException">The value is none that this limit can have.</exception>
    public static AccountLimits With(AccountLimits limits, ResourceLimit limit, double value)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return limit switch
        {
            ResourceLimit.Tokens => limits with { Tokens = Whole(limit, value) },
            ResourceLimit.Slice => limits with { Slice = Seconds(value) },
            ResourceLimit.HardCap => limits with { HardCap = value is 0 or 1 ? value == 1 : throw Wrong(limit, value, "use 1 or 0") },
            ResourceLimit.Requests => limits with { RequestsPerMinute = Whole(limit, value) },
            ResourceLimit.Rate => limits with { TokensPerMinute = Whole(limit, value) },
            ResourceLimit.Processes => limits with { Processes = Whole(limit, value) },
            ResourceLimit.Context => limits with { ContextTokens = Whole(limit, value) },
            ResourceLimit.Gpu => limits with { GpuUnits = value is >= 0 and <= 1_000_000 ? value : throw Wrong(limit, value, "use a number from 0 up; 0 for no limit") },
            ResourceLimit.Messages => limits with { Messages = value <= int.MaxValue ? Whole(limit, value) : throw Wrong(limit, value, $"use a whole number up to {int.MaxValue}; 0 for as many as the silo allows") },
            _ => throw LlmosException.InvalidArgument($"There is no limit {(int)limit}: use {Names}."),
        };
    }

    /// <summary>The names of the limits, as a person writes them.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetNames<ResourceLimit>().Select(name => name.ToLowerInvariant()));

    /// <summary>The value of a limit; 0 for none.</summary>
    public static double Value(AccountLimits limits, ResourceLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return limit switch
        {
            ResourceLimit.Tokens => limits.Tokens,
            ResourceLimit.Slice => limits.Slice.TotalSeconds,
            ResourceLimit.HardCap => limits.HardCap ? 1 : 0,
            ResourceLimit.Requests => limits.RequestsPerMinute,
            ResourceLimit.Rate => limits.TokensPerMinute,
            ResourceLimit.Processes => limits.Processes,
            ResourceLimit.Context => limits.ContextTokens,
            ResourceLimit.Messages => limits.Messages,
            _ => limits.GpuUnits,
        };
    }

    /// <summary>Whether a change allows more than before in any way.</summary>
    public static bool Raises(AccountLimits before, AccountLimits after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return IsMore(before.Tokens, after.Tokens) || IsMore(before.RequestsPerMinute, after.RequestsPerMinute)
            || IsMore(before.TokensPerMinute, after.TokensPerMinute) || IsMore(before.Processes, after.Processes)
            || IsMore(before.ContextTokens, after.ContextTokens) || IsMore(before.GpuUnits, after.GpuUnits) || IsMore(before.Messages, after.Messages)
            || after.Slice < before.Slice || (before.HardCap && !after.HardCap);
    }

    // No limit is more than any.
    private static bool IsMore(double before, double after) => before != 0 && (after == 0 || after > before);

    private static long Whole(ResourceLimit limit, double value) => value is >= 0 and <= 1e15 && Math.Floor(value) == value
        ? (long)value
        : throw Wrong(limit, value, "use a whole number from 0 up; 0 for no limit");

    private static TimeSpan Seconds(double value) => value is >= 0.001 and <= 31_536_000
        ? TimeSpan.FromSeconds(value)
        : throw Wrong(ResourceLimit.Slice, value, "use seconds, from 0.001 to a year's 31536000");

    private static LlmosException Wrong(ResourceLimit limit, double value, string remedy) => LlmosException.InvalidArgument(
        string.Create(CultureInfo.InvariantCulture, $"The limit '{limit.ToString().ToLowerInvariant()}' cannot be {value}: {remedy}."), "value");
}
