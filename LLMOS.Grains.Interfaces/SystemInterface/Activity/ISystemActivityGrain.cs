using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Activity;

/// <summary>Takes samples of what the system does. Stateless; any key.</summary>
[Alias("llmos.ISystemActivityGrain")]
public interface ISystemActivityGrain : IGrainWithIntegerKey
{
    /// <summary>The system now. A silo or an engine that does not answer within a second is left out.</summary>
    /// <exception cref="LlmosException">More processes are asked for than a sample has.</exception>
    [Alias("Sample")]
    [Requires]
    Task<SystemActivity> SampleAsync(ActivityQuery query);
}
