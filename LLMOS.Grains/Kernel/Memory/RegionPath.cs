using System.Globalization;

namespace LLMOS.Kernel.Memory;

/// <summary>What the path of a context region must be.</summary>
public static class RegionPath
{
    public const int MaxLength = 512;

    /// <summary>The region of a process that shares none.</summary>
    public static string OfProcess(long pid) => $"/proc/{pid}/context";

    /// <summary>What the regions begin with that a process allocates without saying where, by its PID; those of a principal by its name.</summary>
    public static string AllocatedBy(string owner) => $"/mem/{owner}/";

    /// <summary>What the regions begin with that a process allocates without saying where.</summary>
    public static string AllocatedBy(long pid) => AllocatedBy(pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether it is the path of a region.</summary>
    public static bool IsValid(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length is > 1 and <= MaxLength && path[0] == '/' && path[^1] != '/'
            && !path.AsSpan().ContainsAnyInRange('\0', ' ')
            && path[1..].Split('/').All(part => part.Length > 0 && part is not "." and not "..");
    }

    /// <exception cref="LlmosException">It is no such path.</exception>
    public static void Validate(string path)
    {
        if (!IsValid(path))
        {
            var shown = path.Length <= 80 ? path : path[..80] + "…";
            throw LlmosException.InvalidArgument(
                $"'{shown}' is no path of a context region: use up to {MaxLength} characters such as /context/project-webserver, without spaces, '.' and '..'.");
        }
    }
}
