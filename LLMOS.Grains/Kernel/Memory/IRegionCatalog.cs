namespace LLMOS.Kernel.Memory;

/// <summary>Which context regions there are. A storage provider implements it.</summary>
public interface IRegionCatalog
{
    /// <summary>Paths of regions that begin with a text, in the order of their characters.</summary>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="after">Only those after this one; empty for the beginning.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<string> List(string prefix, string after, int limit);
}
