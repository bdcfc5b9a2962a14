using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Cognition.Inference;

/// <summary>The replicas are inference grains.</summary>
internal sealed class ReplicaGrains(IGrainFactory grains) : IReplicas
{
    public Task<EngineLoad?> LoadOfAsync(string model, int replica) => Replica(model, replica).PeekLoadAsync();

    public Task<ImmutableArray<long>> WithdrawAsync(string model, int replica, ImmutableArray<long> pids, int most) =>
        Replica(model, replica).WithdrawAsync(pids, most);

    public Task<bool> CloseAsync(string model, int replica) => Replica(model, replica).CloseAsync();

    private IInferenceGrain Replica(string model, int replica) => grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(model, replica));
}
