namespace LLMOS.Silo.Http.Vapi;

/// <summary>A result with the address of what it made.</summary>
internal sealed class LocatedResult(IResult result, string location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = location;
        return result.ExecuteAsync(httpContext);
    }
}
