namespace LLMOS.Silo.Http.Vapi;

/// <summary>A request that is answered with a problem.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">What programs tell it by.</param>
/// <param name="detail">A sentence: what was wrong, the value, the way out.</param>
internal sealed class VapiException(int status, string code, string detail) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    /// <summary>When to ask again; null where that is no use.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A value of the request that is not as it has to be.</summary>
    public static VapiException Wrong(string detail) => new(StatusCodes.Status400BadRequest, "invalid_argument", detail);
}
