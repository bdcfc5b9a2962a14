namespace LLMOS.Inference.KvCache;

/// <summary>What must be equal for the KV of equal tokens to be equal, and for its owner to be one that may be asked.</summary>
/// <param name="Model">The model that computed it.</param>
/// <param name="AdapterSet">The adapters that were applied; empty for none.</param>
/// <param name="Domain">The security domain whose sequences share; null when the sequence shares with nobody but its forks.</param>
/// <param name="Family">Without a domain: what a sequence and its forks have in common; null with one.</param>
internal readonly record struct PrefixScope(string Model, string AdapterSet, string? Domain, object? Family);
