namespace LLMOS.Silo.Http;

/// <summary>A request that its key does not let through.</summary>
internal sealed class ApiKeyException(int status, string message, string code) : Exception(message)
{
    public int Status => status;

    /// <summary>What programs tell it by.</summary>
    public string Code => code;

    /// <summary>When to ask again; null where that is no use.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
