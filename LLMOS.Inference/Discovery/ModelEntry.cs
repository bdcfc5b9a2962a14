namespace LLMOS.Inference.Discovery;

/// <summary>A model on this machine.</summary>
/// <param name="Name">The name to ask for it by.</param>
/// <param name="Path">Its file; of a split model the first part.</param>
/// <param name="Source">Where it was found.</param>
/// <param name="SizeBytes">Size of its file or of all its parts; 0 when it is not there.</param>
/// <param name="Architecture">Such as "llama"; null when the header does not tell.</param>
/// <param name="Quantization">Such as "Q4_K_M"; null when the header does not tell.</param>
/// <param name="ContextLength">Tokens; null when the header does not tell.</param>
/// <param name="Defect">One sentence that says why it does not load, or null when by its header it loads.</param>
public sealed record ModelEntry(
    string Name,
    string Path,
    ModelSource Source,
    long SizeBytes,
    string? Architecture,
    string? Quantization,
    long? ContextLength,
    string? Defect)
{
    /// <summary>Whether the header shows a whole model of an architecture that llama.cpp v0.5.0 knows.</summary>
    public bool Loads => Defect is null;
}
