using System.Globalization;

namespace LLMOS.Cognition.Inference;

/// <summary>The keys of inference grains: <c>model/replica</c>, where the model's own name may have slashes too.</summary>
public static class InferenceKeys
{
    /// <summary>The name of the model that a silo runs when none is named.</summary>
    public const string DefaultModel = "default";

    public static string Create(string model, int replica)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentOutOfRangeException.ThrowIfNegative(replica);
        return string.Create(CultureInfo.InvariantCulture, $"{model}/{replica}");
    }

    /// <exception cref="LlmosException">It is no such key.</exception>
    public static (string Model, int Replica) Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.LastIndexOf('/');
        return slash > 0 && int.TryParse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var replica)
            ? (key[..slash], replica)
            : throw LlmosException.InvalidArgument($"'{key}' names no inference grain: use model/replica, such as nano/0.");
    }
}
