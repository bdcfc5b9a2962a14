using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Cognition.Inference;

/// <summary>Runs one model: llama.cpp on a device, or a server elsewhere.</summary>
public interface IModelEngine : IAsyncDisposable
{
    ModelCard Card { get; }

    EngineLoad Load { get; }

    /// <summary>The sentence of what ended it, so that it has to be loaded anew; null while it runs.</summary>
    string? Failure { get; }

    /// <summary>Generates; the last chunk has the usage. Cancelling stops the sequence within two steps.</summary>
    /// <exception cref="LlmosException">The request is wrong, or the engine failed.</exception>
    IAsyncEnumerable<InferenceChunk> GenerateAsync(InferenceRequest request, CancellationToken cancellationToken);

    /// <summary>How long the prompt of a request is, and how much of it would not have to be computed for its process, in its security domain, now.</summary>
    Task<PromptEstimate> EstimateAsync(InferenceRequest request, CancellationToken cancellationToken);

    /// <summary>How many tokens each text is.</summary>
    ValueTask<IReadOnlyList<int>> CountTokensAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);

    /// <summary>Embeddings of unit length, one for each text.</summary>
    /// <exception cref="LlmosException">The model makes none.</exception>
    Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);

    /// <summary>Gives the KV of a process back.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="endedDomain">The security domain that ends with it, so that nothing of it is kept; null when others go on in it.</param>
    void Release(long pid, string? endedDomain);

    /// <summary>Gives the requests of a process, those under way too, another priority. One that runs them elsewhere has no say in that, and need not be asked again.</summary>
    /// <returns>False when it has no request of the process.</returns>
    Task<bool> SetPriorityAsync(long pid, ProcessPriority priority) => Task.FromResult(true);

    /// <summary>Takes requests of some processes that have not begun out of the queue; they end with <see cref="FinishReason.Withdrawn"/>.</summary>
    /// <returns>Whose they were.</returns>
    Task<ImmutableArray<long>> WithdrawAsync(ImmutableArray<long> pids, int most) => Task.FromResult(ImmutableArray<long>.Empty);

    /// <summary>Lets a process begin with the KV of another of the same security domain.</summary>
    /// <returns>Tokens whose KV the two share; 0 when there is nothing to share.</returns>
    Task<int> ForkAsync(long parentPid, long childPid);

    /// <summary>What the KV of a process has come to; null when it is not known.</summary>
    Task<KvUsage?> DescribeAsync(long pid);
}
