using LLMOS.Cognition.Inference;
using LLMOS.Silo.Models;

namespace LLMOS.Silo.Tests.Models;

/// <summary>Counts the loads of a real backend.</summary>
internal sealed class CountingBackend(IModelBackend inner) : IModelBackend
{
    private int _loads;

    public int Loads => Volatile.Read(ref _loads);

    public LocalEngineSource Find(string model) => inner.Find(model);

    public Task<IModelEngine> LoadAsync(LocalEngineSource model, DeviceDefinition device, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _loads);
        return inner.LoadAsync(model, device, cancellationToken);
    }
}
