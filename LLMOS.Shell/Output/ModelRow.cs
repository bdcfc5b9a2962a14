namespace LLMOS.Shell.Output;

/// <summary>A model, as <c>models -o json</c> lists it.</summary>
internal sealed record ModelRow(
    string Name,
    string Source,
    string Path,
    long SizeBytes,
    string? Architecture,
    string? Quantization,
    long? ContextLength,
    bool Loads,
    string? Defect);
