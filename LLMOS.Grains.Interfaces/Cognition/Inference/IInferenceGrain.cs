using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Cognition.Inference;

/// <summary>
/// One model on one device slot: a façade over the engine of the silo it is placed on.
/// The grain's key is <c>model/replica</c>; see <see cref="InferenceKeys"/>.
/// </summary>
[Alias("llmos.IInferenceGrain")]
public interface IInferenceGrain : IGrainWithStringKey
{
    /// <summary>Loads the model where the grain was placed, or says why not and who might. Called before the first use.</summary>
    [Alias("Admit"), ResponseTimeout("00:15:00")]
    [Requires(Permissions.ReadContext, Verb = "generate")]
    Task<Admission> AdmitAsync();

    /// <summary>Generates. When its reader goes away the sequence stops within two steps.</summary>
    /// <exception cref="LlmosException">The request is wrong: a prompt longer than the window, a grammar that does not parse.</exception>
    [Alias("Generate"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Argument, Syscall = "generate")]
    IAsyncEnumerable<InferenceChunk> GenerateAsync(InferenceRequest request, CancellationToken cancellationToken);

    /// <summary>How long the prompt of a request is, and how much of it would not have to be computed for its process, in its security domain, now.</summary>
    [Alias("Estimate"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Argument, Verb = "estimate a prompt")]
    Task<PromptEstimate> EstimateAsync(InferenceRequest request);

    /// <summary>How many tokens each text is for this model.</summary>
    [Alias("CountTokens"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Verb = "count tokens")]
    Task<ImmutableArray<int>> CountTokensAsync(ImmutableArray<string> texts);

    /// <summary>Embeddings of unit length, one for each text.</summary>
    [Alias("Embed"), AlwaysInterleave, ResponseTimeout("00:15:00")]
    [Requires(Permissions.ReadContext, Verb = "embed")]
    Task<ImmutableArray<float[]>> EmbedAsync(ImmutableArray<string> texts);

    /// <summary>Gives the KV of a process back; called when it ends or is suspended. In its security domain it stays for others until room is wanted.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="endedDomain">The security domain that ends with it, so that nothing of it is kept; null when others go on in it.</param>
    [Alias("Release"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument, Verb = "release the cache")]
    Task ReleaseAsync(long pid, string? endedDomain = null);

    /// <summary>Gives what a process generates here another priority, from the next step on. It loads nothing.</summary>
    /// <returns>False when nothing is generated for the process here.</returns>
    [Alias("SetPriority"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<bool> SetPriorityAsync(long pid, ProcessPriority priority);

    /// <summary>Takes what has not begun out of the queue, so that another replica can have it: what has the least KV here first. It loads nothing.</summary>
    /// <param name="pids">Whose requests may be taken.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>Whose were; their generations end with <see cref="FinishReason.Withdrawn"/>.</returns>
    [Alias("Withdraw"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ImmutableArray<long>> WithdrawAsync(ImmutableArray<long> pids, int most);

    /// <summary>Closes the replica, unless it is at work: its place is given back, and the memory of its model too if no other replica has it there.</summary>
    [Alias("Close"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<bool> CloseAsync();

    /// <summary>How busy it is; null when nothing is loaded, which it leaves so.</summary>
    [Alias("PeekLoad"), AlwaysInterleave]
    [Requires]
    Task<EngineLoad?> PeekLoadAsync();

    /// <summary>Lets a process begin with the KV of another, of the same security domain, as it is now.</summary>
    /// <returns>Tokens whose KV the two share; 0 when none is held here, or the child has begun.</returns>
    [Alias("Fork"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<int> ForkAsync(long parentPid, long childPid);

    /// <summary>What the KV of processes has come to here; those that are not known are left out. It loads nothing.</summary>
    [Alias("Describe"), AlwaysInterleave]
    [Requires]
    Task<ImmutableArray<KvUsage>> DescribeAsync(ImmutableArray<long> pids);

    /// <summary>Whether the model goes on with an answer that was cut short, from its tokens. It loads nothing.</summary>
    [Alias("CanContinue"), AlwaysInterleave]
    [Requires]
    Task<bool> CanContinueAsync();

    [Alias("Card"), AlwaysInterleave]
    [Requires]
    Task<ModelCard> GetCardAsync();

    [Alias("Load"), AlwaysInterleave]
    [Requires]
    Task<EngineLoad> GetLoadAsync();
}
