namespace LLMOS.Shell.Output;

/// <summary>A page of a context region, as <c>mem REGION -o json</c> lists it.</summary>
internal sealed record PageRow(int Page, Guid Id, int Tokens, bool Pinned, bool Shared);
