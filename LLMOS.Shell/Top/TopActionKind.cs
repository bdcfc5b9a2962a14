namespace LLMOS.Shell.Top;

/// <summary>What <c>top</c> does outside its table.</summary>
internal enum TopActionKind
{
    Quit,
    Kill,
    Suspend,
    Resume,
    Nice,
    Attach,
}
