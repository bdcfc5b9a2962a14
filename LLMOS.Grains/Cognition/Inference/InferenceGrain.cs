using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LLMOS.Kernel.Resources;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace LLMOS.Cognition.Inference;

/// <summary>
/// A façade over one replica's engine in this silo. Nothing of it is stored: a replica that was lost is admitted anew
/// wherever its next call lands, and processes re-prefill there.
/// </summary>
[GpuAffinePlacement, Immovable]
public sealed class InferenceGrain : Grain, IInferenceGrain
{
    private readonly IModelHost _host;
    private readonly string _model;
    private readonly int _replica;
    private Task<Admission>? _admission;
    private IModelEngine? _engine;

    public InferenceGrain(IGrainContext context, IModelHost host)
    {
        ArgumentNullException.ThrowIfNull(context);
        _host = host;
        (_model, _replica) = InferenceKeys.Parse(context.GrainId.Key.ToString()!);
    }

    // Calls interleave; all that come while the model loads wait for the same admission.
    public Task<Admission> AdmitAsync() => _admission ??= AdmitOnceAsync();

    public IAsyncEnumerable<InferenceChunk> GenerateAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request);
        return _engine is { Failure: null } engine
            ? engine.GenerateAsync(request, cancellationToken)
            : AdmitAndGenerateAsync(request, cancellationToken);
    }

    public async Task<PromptEstimate> EstimateAsync(long pid, ImmutableArray<PromptMessage> messages)
    {
        var engine = await GetEngineAsync();
        return await engine.EstimateAsync(pid, messages, CancellationToken.None);
    }

    public async Task<ImmutableArray<int>> CountTokensAsync(ImmutableArray<string> texts)
    {
        var engine = await GetEngineAsync();
        return [.. await engine.CountTokensAsync(texts, CancellationToken.None)];
    }

    public async Task<ImmutableArray<float[]>> EmbedAsync(ImmutableArray<string> texts)
    {
        var engine = await GetEngineAsync();
        return [.. await engine.EmbedAsync(texts, CancellationToken.None)];
    }

    public Task ReleaseAsync(long pid)
    {
        // A replica that is not loaded holds no KV, and is not loaded to find that out.
        _engine?.Release(pid);
        return Task.CompletedTask;
    }

    public async Task<ModelCard> GetCardAsync() => (await GetEngineAsync()).Card;

    public async Task<EngineLoad> GetLoadAsync() => (await GetEngineAsync()).Load;

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_engine is not null)
        {
            _engine = null;
            await _host.EvictAsync(_model, _replica);
        }
    }

    private static void Check(InferenceRequest request)
    {
        if (request.Messages.IsDefaultOrEmpty || request.Messages.All(message => string.IsNullOrWhiteSpace(message.Text)))
        {
            throw LlmosException.InvalidArgument("The prompt is empty: give the model something to answer.");
        }

        if (request.MaxTokens <= 0)
        {
            throw LlmosException.InvalidArgument($"The limit of {request.MaxTokens} tokens lets nothing be generated: use 1 or more.");
        }
    }

    private async IAsyncEnumerable<InferenceChunk> AdmitAndGenerateAsync(
        InferenceRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var engine = await GetEngineAsync();
        await foreach (var chunk in engine.GenerateAsync(request, cancellationToken))
        {
            yield return chunk;
        }
    }

    private async ValueTask<IModelEngine> GetEngineAsync()
    {
        if (_engine?.Failure is { } failure)
        {
            // Gives the slot back; the next call finds a fresh engine.
            Leave(suggested: null);
            throw LlmosException.Unavailable(failure);
        }

        if (_engine is null)
        {
            var admission = await AdmitAsync();
            if (!admission.Accepted)
            {
                throw new LlmosException(LlmosErrorCode.ResourceExhausted, admission.Reason);
            }
        }

        return _engine ?? throw LlmosException.Unavailable($"The replica {InferenceKeys.Create(_model, _replica)} is moving: ask again.");
    }

    private async Task<Admission> AdmitOnceAsync()
    {
        try
        {
            var admission = await _host.AdmitAsync(_model, _replica, CancellationToken.None);
            if (admission.Accepted)
            {
                _engine = _host.GetEngine(_model, _replica);
            }
            else
            {
                Leave(admission.Suggested);
            }

            return admission;
        }
        catch (LlmosException)
        {
            // What is wrong may be put right (a file that was missing), so the next call is placed and admitted anew.
            Leave(suggested: null);
            throw;
        }
    }

    private void Leave(SiloAddress? suggested)
    {
        if (suggested is null)
        {
            DeactivateOnIdle();
            return;
        }

        RequestContext.Set(IPlacementDirector.PlacementHintKey, suggested);
        this.MigrateOnIdle();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }
}
