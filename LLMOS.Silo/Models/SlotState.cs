namespace LLMOS.Silo.Models;

/// <summary>What admission needs to know of a device slot.</summary>
/// <param name="IsGpu">Whether it is a GPU.</param>
/// <param name="Free">Free memory, in bytes.</param>
/// <param name="Reclaimable">Bytes that unused models would give back.</param>
/// <param name="Holds">Whether the model is there already.</param>
/// <param name="Replicas">Replicas of the model that it serves.</param>
/// <param name="Leases">Replicas of any model that it serves.</param>
internal readonly record struct SlotState(bool IsGpu, long Free, long Reclaimable, bool Holds, int Replicas, int Leases);
