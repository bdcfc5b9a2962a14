using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Placement;

/// <summary>A device that a replica could be placed on.</summary>
/// <param name="Report">What its silo last said of it.</param>
/// <param name="Replicas">Replicas of the model in question that it has, with those under way.</param>
/// <param name="Pending">Placements of any model under way, which the report does not show yet.</param>
public readonly record struct DeviceCandidate(DeviceReport Report, int Replicas, int Pending);
