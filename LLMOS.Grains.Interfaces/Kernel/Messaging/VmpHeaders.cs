using System.Collections.Immutable;

namespace LLMOS.Kernel.Messaging;

/// <summary>The headers that the kernel itself sets.</summary>
public static class VmpHeaders
{
    /// <summary>In a RESPONSE: the request failed, and this sentence says why.</summary>
    public const string ErrorName = "error";

    public static ImmutableDictionary<string, string> Error(string text) =>
        ImmutableDictionary<string, string>.Empty.Add(ErrorName, text);
}
