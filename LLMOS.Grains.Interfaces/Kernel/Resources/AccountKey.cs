using System.Buffers;
using System.Globalization;

namespace LLMOS.Kernel.Resources;

/// <summary>
/// The names of accounts. A user's is one segment (<c>alice</c>), a group's lies below it (<c>alice/web</c>), and a
/// process's own is <c>proc/PID</c>. The parent of a user's or group's account is in its name, so that no cycle can be named.
/// </summary>
public static class AccountKey
{
    /// <summary>The deepest a group may lie below its user, in segments.</summary>
    public const int MaxDepth = 8;

    private const int MaxLength = 128;
    private const string ProcessPrefix = "proc/";

    private static readonly SearchValues<char> SegmentCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public static string OfProcess(long pid) => ProcessPrefix + pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>The process whose own account it is; null for a user's or a group's.</summary>
    public static long? ProcessOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith(ProcessPrefix, StringComparison.Ordinal)
            && long.TryParse(key.AsSpan(ProcessPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? pid
            : null;
    }

    /// <summary>The account above a user's or a group's; empty for a user's.</summary>
    public static string ParentOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.LastIndexOf('/');
        return slash < 0 ? "" : key[..slash];
    }

    /// <summary>The user whose account it is, or lies below: its first name.</summary>
    public static string UserOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? key : key[..slash];
    }

    /// <summary>Whether a principal can have a user's account of its name.</summary>
    public static bool IsUser(string principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return principal.Length is > 0 and <= MaxLength && principal != "proc" && !principal.AsSpan().ContainsAnyExcept(SegmentCharacters);
    }

    /// <summary>Refuses what can be no name of a user's or a group's account.</summary>
    /// <exception cref="LlmosException">It is none; the message says what one looks like.</exception>
    public static void Validate(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var segments = key.Split('/');
        if (key.Length > MaxLength || segments.Length > MaxDepth || segments[0] == "proc"
            || segments.Any(segment => segment.Length == 0 || segment.AsSpan().ContainsAnyExcept(SegmentCharacters)))
        {
            throw LlmosException.InvalidArgument(
                $"'{(key.Length > 80 ? key[..80] + "…" : key)}' is no account: use a user such as alice, or a group below one such as alice/web; " +
                $"letters, digits, '-', '_' and '.', at most {MaxDepth} names, the first of them not 'proc'.");
        }
    }
}
