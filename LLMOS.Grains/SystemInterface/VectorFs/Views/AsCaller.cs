using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary>Calls a grain as whoever asked for what this code does: a view shows nobody more than its grain would.</summary>
internal static class AsCaller
{
    public static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        CallerContext.Claim = CallerContext.Behalf;
        try
        {
            return await call();
        }
        finally
        {
            CallerContext.Claim = null;
        }
    }
}
