using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Models;

/// <summary>A request's hold on an engine: until it is given back the engine stays in memory.</summary>
internal sealed class EngineUse(ModelHost host, LoadedEngine loaded, IModelEngine engine) : IDisposable
{
    private bool _isRequest;
    private bool _ended;

    public IModelEngine Engine => engine;

    /// <summary>It is a request that generates, and says this of itself; see <see cref="LoadedEngine.Note"/>.</summary>
    public void Note(ProcessPriority priority, TimeSpan? keepAlive)
    {
        _isRequest = true;
        host.Note(loaded, priority, keepAlive);
    }

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            host.EndUse(loaded, _isRequest);
        }
    }
}
