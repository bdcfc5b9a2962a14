using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http;

/// <summary>What the server does for a request that the principal of its key could not do by itself, such as having a model loaded.</summary>
internal static class AsServer
{
    public static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        // Asynchronous, so that the claim is back in the caller's flow whatever happens here.
        CallerContext.Claim = null;
        return await call();
    }

    public static Task CallAsync(Func<Task> call) => CallAsync(async () =>
    {
        await call();
        return true;
    });
}
