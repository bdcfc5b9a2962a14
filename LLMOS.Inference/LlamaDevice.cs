namespace LLMOS.Inference;

/// <summary>A device that models can run on.</summary>
/// <param name="Name">ggml's name of it, such as <c>CPU</c> or <c>CUDA0</c>; <see cref="ModelOptions.Device"/> takes it.</param>
/// <param name="Description">The maker's name of it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="MemoryFree">Bytes free when it was listed.</param>
/// <param name="MemoryTotal">Bytes in all.</param>
public sealed record LlamaDevice(string Name, string Description, LlamaDeviceKind Kind, long MemoryFree, long MemoryTotal);
