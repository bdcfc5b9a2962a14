using System.Collections.Immutable;
using LLMOS.Kernel.Resources;

namespace LLMOS.Kernel.Scheduling;

/// <summary>The replicas of models, as the scheduler sees to them.</summary>
public interface IReplicas
{
    /// <summary>How busy one is; null when nothing is loaded there.</summary>
    Task<EngineLoad?> LoadOfAsync(string model, int replica);

    /// <summary>Takes requests of some processes that have not begun out of its queue, and says whose they were.</summary>
    Task<ImmutableArray<long>> WithdrawAsync(string model, int replica, ImmutableArray<long> pids, int most);

    /// <summary>Closes one that is not at work; false when it is.</summary>
    Task<bool> CloseAsync(string model, int replica);
}
