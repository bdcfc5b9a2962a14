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
    Task EvictAsync(string model, int replica);
}
