using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
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
    [Requires(Permissions.ReadContext)]
    Task<Admission> AdmitAsync();

    /// <summary>Generates. When its reader goes away the sequence stops within two steps.</summary>
    /// <exception cref="LlmosException">The request is wrong: a prompt longer than the window, a grammar that does not parse.</exception>
    [Alias("Generate"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Argument, Syscall = "generate")]
    IAsyncEnumerable<InferenceChunk> GenerateAsync(InferenceRequest request, CancellationToken cancellationToken);

    /// <summary>How long a prompt is, and how much of it would not have to be computed for this process now.</summary>
    [Alias("Estimate"), AlwaysInterleave]
    [Requires(Permissions.ReadContext, Scope = AccessScope.Argument)]
    Task<PromptEstimate> EstimateAsync(long pid, ImmutableArray<PromptMessage> messages);

    /// <summary>How many tokens each text is for this model.</summary>
    [Alias("CountTokens"), AlwaysInterleave]
    [Requires(Permissions.ReadContext)]
    Task<ImmutableArray<int>> CountTokensAsync(ImmutableArray<string> texts);

    /// <summary>Embeddings of unit length, one for each text.</summary>
    [Alias("Embed"), AlwaysInterleave]
    [Requires(Permissions.ReadContext)]
    Task<ImmutableArray<float[]>> EmbedAsync(ImmutableArray<string> texts);

    /// <summary>Gives the KV of a process back; called when it ends or is suspended.</summary>
    [Alias("Release"), AlwaysInterleave]
    [Requires(Scope = AccessScope.Argument)]
    Task ReleaseAsync(long pid);

    [Alias("Card"), AlwaysInterleave]
    [Requires]
    Task<ModelCard> GetCardAsync();

    [Alias("Load"), AlwaysInterleave]
    [Requires]
    Task<EngineLoad> GetLoadAsync();
}
