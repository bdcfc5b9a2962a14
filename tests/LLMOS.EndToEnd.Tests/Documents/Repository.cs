namespace LLMOS.Tests.Documents;

/// <summary>The files of the repository that the tests are about.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "LLMOS.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository, whose documents they read.");
        }

        return folder;
    }
}
