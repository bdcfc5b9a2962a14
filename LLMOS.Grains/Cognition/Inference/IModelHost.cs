namespace LLMOS.Cognition.Inference;

/// <summary>The engines of this silo. An inference grain is a façade over one of them.</summary>
public interface IModelHost
{
    /// <summary>Takes a model onto a free device slot and loads it, or says why not and which silo looks better.</summary>
    Task<Admission> AdmitAsync(string model, int replica, CancellationToken cancellationToken);

    /// <summary>Whether a model goes on with an answer that was cut short: one behind a server does not. It loads nothing.</summary>
    bool CanContinue(string model);

    /// <summary>The engine that runs a replica here.</summary>
    /// <exception cref="LlmosException">The replica was not admitted.</exception>
    IModelEngine GetEngine(string model, int replica);

    /// <summary>Gives the slot of a replica back.</summary>
    /// <param name="model">The model.</param>
    /// <param name="replica">The replica.</param>
    /// <param name="unload">Whether the model leaves the memory at once if nobody else has it or uses it; else it stays as long as it is kept.</param>
    Task EvictAsync(string model, int replica, bool unload = false);
}
