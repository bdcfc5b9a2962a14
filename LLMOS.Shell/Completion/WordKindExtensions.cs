namespace LLMOS.Shell.Completion;

internal static class WordKindExtensions
{
    /// <summary>Whether only a system that runs knows such words.</summary>
    public static bool AsksSystem(this WordKind kind) => kind is WordKind.Process or WordKind.Run or WordKind.VfsPath or WordKind.Collection or WordKind.Group;
}
