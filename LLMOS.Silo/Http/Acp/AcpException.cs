namespace LLMOS.Silo.Http.Acp;

/// <summary>A call that is answered with an error of JSON-RPC.</summary>
/// <param name="code">The number that JSON-RPC or this protocol gives the error.</param>
/// <param name="message">A sentence.</param>
/// <param name="kind">The error's name, for programs; null where the number says all.</param>
internal sealed class AcpException(int code, string message, string? kind = null) : Exception(message)
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>The system refused the call, or could not carry it out; its data have the name of the error.</summary>
    public const int Refused = -32000;

    /// <summary>There was no <c>initialize</c> yet.</summary>
    public const int NotInitialized = -32002;

    public int Code => code;

    public string? Kind => kind;

    public static AcpException Of(LlmosException error) =>
        new(error.Code == LlmosErrorCode.InvalidArgument ? InvalidParams : Refused, error.Message, error.Code.ToString());
}
