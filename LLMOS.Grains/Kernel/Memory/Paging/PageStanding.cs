namespace LLMOS.Kernel.Memory.Paging;

/// <summary>What the pager knows of a page of a context.</summary>
/// <param name="Tokens">Tokens of it.</param>
/// <param name="Similarity">Of its vector to that of what is asked, -1 to 1.</param>
/// <param name="LastUse">The number of the turn that wrote it or that it was near to last.</param>
/// <param name="Uses">How many turns it was near to.</param>
/// <param name="IsPinned">Whether it is to stay.</param>
/// <param name="IsResident">Whether it is in the window.</param>
public readonly record struct PageStanding(int Tokens, float Similarity, long LastUse, int Uses, bool IsPinned, bool IsResident);
