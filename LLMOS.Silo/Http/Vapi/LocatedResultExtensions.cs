namespace LLMOS.Silo.Http.Vapi;

internal static class LocatedResultExtensions
{
    /// <summary>The result, with the header Location.</summary>
    public static IResult At(this IResult result, string location) => new LocatedResult(result, location);
}
