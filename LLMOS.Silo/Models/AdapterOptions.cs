namespace LLMOS.Silo.Models;

/// <summary>A LoRA adapter; configured as <c>Models:Adapters:NAME</c>.</summary>
public sealed record AdapterOptions
{
    /// <summary>The GGUF file.</summary>
    public required string Path { get; init; }

    /// <summary>The model that it is for, by name or path; empty for any that it fits.</summary>
    public string Base { get; init; } = "";
}
