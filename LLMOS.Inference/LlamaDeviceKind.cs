namespace LLMOS.Inference;

/// <summary>What a device is, for placement.</summary>
public enum LlamaDeviceKind
{
    Cpu,

    /// <summary>A GPU with memory of its own.</summary>
    Gpu,

    /// <summary>A GPU that shares the host's memory.</summary>
    IntegratedGpu,

    /// <summary>Helps the CPU (BLAS, AMX); it holds no model by itself.</summary>
    Accelerator,
}
