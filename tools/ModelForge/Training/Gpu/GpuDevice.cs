using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace ModelForge.Training.Gpu;

/// <summary>A GPU, or the processor in its place, with the product that is the fastest there.</summary>
internal sealed class GpuDevice : IDisposable
{
    private readonly Context _context;

    private GpuDevice(Context context, Accelerator accelerator)
    {
        _context = context;
        Accelerator = accelerator;
        Product = accelerator is CudaAccelerator cuda && CublasProduct.TryOpen(cuda, out var library) ? library : new PlainProduct(accelerator);
    }

    public Accelerator Accelerator { get; }

    public IGpuProduct Product { get; }

    /// <summary>What computes, for people.</summary>
    public string Name => $"{Accelerator.Name}, {Accelerator.MemorySize >> 20:N0} MiB, {Product.Name}";

    /// <summary>Opens the first CUDA device.</summary>
    /// <exception cref="BadInputException">There is none, or it cannot be used.</exception>
    public static GpuDevice Open()
    {
        var context = Context.Create(static builder => builder.Cuda().EnableAlgorithms());
        try
        {
            if (context.GetCudaDevices() is [var device, ..])
                return new GpuDevice(context, device.CreateAccelerator(context));
        }
        catch (AcceleratorException failure)
        {
            context.Dispose();
            throw new BadInputException($"The CUDA device could not be opened ({failure.Message}): leave out --gpu to train on the processor.");
        }

        context.Dispose();
        throw new BadInputException("There is no CUDA device, or no driver for it (nvidia-smi lists them): leave out --gpu to train on the processor.");
    }

    /// <summary>Opens the processor as a device whose groups are threads: slow, and the same kernels.</summary>
    public static GpuDevice OpenProcessor()
    {
        var context = Context.Create(static builder => builder.CPU(new CPUDevice(GpuKernels.Lanes, GpuKernels.Warps, 1)).EnableAlgorithms());
        return new GpuDevice(context, context.GetCPUDevice(0).CreateAccelerator(context));
    }

    public void Dispose()
    {
        Product.Dispose();
        Accelerator.Dispose();
        _context.Dispose();
    }
}
