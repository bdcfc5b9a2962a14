namespace LLMOS.Silo.Models;

/// <summary>A model that cannot be unloaded now.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Bytes">What it holds.</param>
/// <param name="Uses">Requests that it works on, and admissions that wait for it.</param>
internal readonly record struct MemoryHolder(string Model, long Bytes, int Uses);
