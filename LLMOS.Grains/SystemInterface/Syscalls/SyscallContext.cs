using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A syscall that was found right, while it is carried out.</summary>
/// <param name="Caller">Who makes it.</param>
/// <param name="Arguments">Its arguments, read.</param>
/// <param name="Vector">The vector that came with it; empty for none.</param>
/// <param name="Grains">The way to the kernel. What is called there is called as the caller.</param>
internal sealed record SyscallContext(Caller Caller, SyscallArguments Arguments, float[] Vector, IGrainFactory Grains)
{
    /// <summary>The process that speaks for the caller: itself, or the console for a principal.</summary>
    public long Self => Caller.Pid ?? WellKnownPids.Console;

    public IProcessTableGrain Table => Grains.GetGrain<IProcessTableGrain>(0);

    public IVectorFsGrain Files => Grains.GetGrain<IVectorFsGrain>(0);

    public IProcessGrain Process(long pid) => Grains.GetGrain<IProcessGrain>(pid);

    /// <summary>A region that is there.</summary>
    /// <exception cref="LlmosException">The path is none, or there is no such region.</exception>
    public async Task<(IContextRegionGrain Grain, RegionInfo Info)> RegionAsync(string path)
    {
        RegionPath.Validate(path);
        var region = Grains.GetGrain<IContextRegionGrain>(path);
        return (region, await region.GetInfoAsync() ?? throw LlmosException.NotFound($"There is no context region {path}: malloc makes one."));
    }
}
