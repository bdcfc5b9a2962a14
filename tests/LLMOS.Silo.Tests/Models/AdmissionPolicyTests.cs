using CsCheck;
using LLMOS.Silo.Models;

namespace LLMOS.Silo.Tests.Models;

public sealed class AdmissionPolicyTests
{
    private static readonly Gen<SlotState> Slot = Gen.Select(
        Gen.Bool, Gen.Long[0, 100], Gen.Long[0, 100], Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 5],
        (gpu, free, reclaimable, holds, replicas, others) => new SlotState(gpu, free, reclaimable, holds, holds ? replicas : 0, (holds ? replicas : 0) + others));

    private static readonly Gen<(SlotState[] Slots, long Need)> Case = Gen.Select(Slot.Array[0, 6], Gen.Long[1, 150]);

    [Fact]
    public void A_slot_is_refused_exactly_when_no_slot_can_take_the_model() => Case.Sample(one =>
    {
        var able = Offered(one.Slots).Any(slot => slot.Holds || slot.Free + slot.Reclaimable >= one.Need);
        Assert.Equal(able, AdmissionPolicy.Choose(one.Slots, one.Need) >= 0);
    });

    [Fact]
    public void What_is_chosen_holds_the_model_or_can_make_room_for_it() => Case.Sample(one =>
    {
        if (AdmissionPolicy.Choose(one.Slots, one.Need) is var chosen and >= 0)
        {
            var slot = one.Slots[chosen];
            Assert.True(slot.Holds || slot.Free + slot.Reclaimable >= one.Need);
            Assert.True(slot.IsGpu || !one.Slots.Any(other => other.IsGpu));
        }
    });

    [Fact]
    public void Nothing_is_thrown_out_for_what_another_slot_can_take() => Case.Sample(one =>
    {
        if (AdmissionPolicy.Choose(one.Slots, one.Need) is var chosen and >= 0
            && one.Slots[chosen] is { Holds: false } slot
            && slot.Free < one.Need)
        {
            Assert.DoesNotContain(Offered(one.Slots), other => other.Holds || other.Free >= one.Need);
        }
    });

    private static SlotState[] Offered(SlotState[] slots) => slots.Any(slot => slot.IsGpu) ? [.. slots.Where(slot => slot.IsGpu)] : slots;
}
