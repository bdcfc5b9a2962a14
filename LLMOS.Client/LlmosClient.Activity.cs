using LLMOS.SystemInterface.Activity;

namespace LLMOS.Client;

/// <summary>What the system does, as it changes.</summary>
public sealed partial class LlmosClient
{
    /// <summary>A sample of the system: its processes, engines, levels of memory and devices, with who held the devices lately (<c>top</c>).</summary>
    /// <param name="query">What it is to have; null for the newest thousand processes, without slices of the scheduler.</param>
    /// <exception cref="LlmosException">More processes are asked for than a sample has.</exception>
    public Task<SystemActivity> SampleAsync(ActivityQuery? query = null) =>
        Grains.GetGrain<ISystemActivityGrain>(0).SampleAsync(query ?? new ActivityQuery());
}
