namespace LLMOS.Inference;

/// <summary>
/// A LoRA adapter that was loaded for a model (<see cref="LlamaModel.LoadAdapter"/>): what it adds to the model's matrices. It stays in memory as long as the model does.
/// </summary>
public sealed class LoraAdapter
{
    internal LoraAdapter(LlamaModel model, nint handle, string path, string name, float alpha, int rank, int tensors, long sizeBytes)
    {
        (Model, Handle, Path, Name) = (model, handle, path, name);
        (Alpha, Rank, TensorCount, SizeBytes) = (alpha, rank, tensors, sizeBytes);
    }

    /// <summary>The model that it belongs to.</summary>
    public LlamaModel Model { get; }

    /// <summary>The file it was loaded from.</summary>
    public string Path { get; }

    /// <summary>What it is called: the name given when it was loaded, else in its file, else the file's own.</summary>
    public string Name { get; }

    /// <summary>What it adds to a matrix is alpha / rank · scale · B · A; 0 for scale · B · A.</summary>
    public float Alpha { get; }

    /// <summary>The largest rank of what it adds to a matrix.</summary>
    public int Rank { get; }

    /// <summary>The matrices that it changes.</summary>
    public int TensorCount { get; }

    /// <summary>Bytes of its tensors.</summary>
    public long SizeBytes { get; }

    internal nint Handle { get; }

    public override string ToString() => Name;
}
