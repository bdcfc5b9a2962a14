using System.Collections.Immutable;

namespace LLMOS.Kernel.Security;

/// <summary>What a look through the whole audit log found.</summary>
/// <param name="Records">Records that were found good, from the first on.</param>
/// <param name="Head">The hash of the last of them, to be kept elsewhere and compared later: 32 bytes.</param>
/// <param name="BrokenAt">The first record that is altered, missing, added or not in its place; null when there is none.</param>
/// <param name="Problem">What is wrong with it, as a sentence; empty when nothing is.</param>
[GenerateSerializer, Immutable, Alias("llmos.audit-verification")]
public sealed record AuditVerification(
    [property: Id(0)] long Records,
    [property: Id(1)] ImmutableArray<byte> Head,
    [property: Id(2)] long? BrokenAt,
    [property: Id(3)] string Problem)
{
    public bool IsIntact => BrokenAt is null;
}
