using CsCheck;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Tests.Kernel;

public sealed class MessageIdsTests
{
    [Fact]
    public void The_same_cause_gives_the_same_id_and_any_other_another() =>
        Gen.Guid.Select(Gen.Long[1, 1_000_000], Gen.Int[0, 2_000]).Sample((cause, pid, index) =>
            MessageIds.Derive(cause, pid, index) == MessageIds.Derive(cause, pid, index)
            && MessageIds.Derive(cause, pid, index) != MessageIds.Derive(cause, pid + 1, index)
            && MessageIds.Derive(cause, pid, index) != MessageIds.Derive(cause, pid, index + 1)
            && MessageIds.Derive(cause, pid, index) != cause);

    // Worked out with another SHA-256: ids are stored, so a release that makes others would handle old messages twice.
    [Fact]
    public void Ids_stay_what_they_are_over_releases()
    {
        Assert.Equal(new Guid("c9d6f8e0-f2af-b6ce-7dc5-23c00408b59b"), MessageIds.OfName("r-1/request"));
        Assert.Equal(new Guid("9f3e3ac5-5e61-3e2f-2da8-130eeb6b1696"), MessageIds.Derive(new Guid("00112233-4455-6677-8899-aabbccddeeff"), 7, 1));
    }
}
