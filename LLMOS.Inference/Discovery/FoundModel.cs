namespace LLMOS.Inference.Discovery;

/// <summary>What a store says it has, before the file has been looked at.</summary>
/// <param name="Name">The name to ask for it by.</param>
/// <param name="Path">The file.</param>
/// <param name="Source">The store.</param>
/// <param name="Defect">What the store's own records lack, or null.</param>
internal sealed record FoundModel(string Name, string Path, ModelSource Source, string? Defect = null);
