namespace LLMOS.Kernel.Security;

/// <summary>
/// How callers travel with a grain call. A claim is checked where the call arrives and ends there: what the callee does
/// then it does as the kernel, on behalf of the caller, so that a right is never borrowed.
/// </summary>
public static class CallerContext
{
    private const string ClaimKey = "llmos.caller";
    private const string BehalfKey = "llmos.behalf";

    /// <summary>
    /// Who the next calls are to be made as; null for the kernel, or for all that the door allows. A client may only ask
    /// to be less than what its door makes it.
    /// </summary>
    public static Caller? Claim
    {
        get => RequestContext.Get(ClaimKey) as Caller;
        set => Put(ClaimKey, value);
    }

    /// <summary>On whose behalf this code runs; null where nobody asked for it. It says who is to be named, and allows nothing.</summary>
    public static Caller? Behalf
    {
        get => RequestContext.Get(BehalfKey) as Caller;
        set => Put(BehalfKey, value);
    }

    private static void Put(string key, Caller? value)
    {
        if (value is not null)
        {
            RequestContext.Set(key, value);
        }
        else if (RequestContext.Get(key) is not null)
        {
            RequestContext.Remove(key);
        }
    }
}
