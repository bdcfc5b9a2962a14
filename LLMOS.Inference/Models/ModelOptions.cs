namespace LLMOS.Inference;

/// <summary>How a model is loaded.</summary>
public sealed record ModelOptions
{
    /// <summary>The device that gets the layers, by its name in <see cref="LlamaDevices.List"/>; null for llama.cpp's choice: all GPUs, else the CPU.</summary>
    public string? Device { get; init; }

    /// <summary>Layers to put on the GPU; null or negative for all of them. Without a GPU it says nothing.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Checks every tensor for values that are not numbers; loading then reads the whole file.</summary>
    public bool CheckTensors { get; init; }

    /// <summary>What the model is called; null for the name in its file, else the file's name.</summary>
    public string? Name { get; init; }
}
