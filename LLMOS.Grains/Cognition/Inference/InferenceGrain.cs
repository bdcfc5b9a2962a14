using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
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
    private readonly EmbeddingCache _embeddings;
    private readonly string _model;
    private readonly int _replica;
    private Task<Admission>? _admission;
    private IModelEngine? _engine;

    public InferenceGrain(IGrainContext context, IModelHost host, EmbeddingCache embeddings)
    {
        ArgumentNullException.ThrowIfNull(context);
        _host = host;
        _embeddings = embeddings;
        (_model, _replica) = InferenceKeys.Parse(context.GrainId.Key.ToString()!);
    }

    // Calls interleave; all that come while the model loads wait for the same admission.
    public Task<Admission> AdmitAsync() => _admission ??= AdmitOnceAsync();

    public IAsyncEnumerable<InferenceChunk> GenerateAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        InferenceRequestRules.Validate(request);
        return _engine is { Failure: null } engine
            ? engine.GenerateAsync(request, cancellationToken)
            : AdmitAndGenerateAsync(request, cancellationToken);
    }

    public async Task<PromptEstimate> EstimateAsync(InferenceRequest request)
    {
        InferenceRequestRules.Validate(request);
        var engine = await GetEngineAsync();
        return await engine.EstimateAsync(request, CancellationToken.None);
    }

    public async Task<ImmutableArray<int>> CountTokensAsync(ImmutableArray<string> texts)
    {
        var engine = await GetEngineAsync();
        return [.. await engine.CountTokensAsync(texts, CancellationToken.None)];
    }

    public async Task<ImmutableArray<float[]>> EmbedAsync(ImmutableArray<string> texts)
    {
        var engine = await GetEngineAsync();
        return [.. await _embeddings.GetAsync(_model, texts, missing => engine.EmbedAsync(missing, CancellationToken.None))];
    }

    public Task ReleaseAsync(long pid, string? endedDomain = null)
    {
        // A replica that is not loaded holds no KV, and is not loaded to find that out.
        if (_engine is { Failure: null } engine)
        {
            engine.Release(pid, endedDomain);
        }

        return Task.CompletedTask;
    }

    public Task<bool> SetPriorityAsync(long pid, ProcessPriority priority) =>
        _engine is { Failure: null } engine ? engine.SetPriorityAsync(pid, priority) : Task.FromResult(false);

    public Task<ImmutableArray<long>> WithdrawAsync(ImmutableArray<long> pids, int most) =>
        _engine is { Failure: null } engine ? engine.WithdrawAsync(pids, most) : Task.FromResult(ImmutableArray<long>.Empty);

    public Task<EngineLoad?> PeekLoadAsync() => Task.FromResult(_engine is { Failure: null } engine ? engine.Load : (EngineLoad?)null);

    public async Task<bool> CloseAsync()
    {
        if (_engine is { Load: { Active: > 0 } or { Waiting: > 0 } } || _admission is { IsCompleted: false })
        {
            return false;
        }

        if (_engine is not null)
        {
            // From here on a call finds no engine, and asks for one in the next activation.
            _engine = null;
            await _host.EvictAsync(_model, _replica, unload: true);
        }

        DeactivateOnIdle();
        return true;
    }

    public Task<int> ForkAsync(long parentPid, long childPid) =>
        _engine is { Failure: null } engine ? engine.ForkAsync(parentPid, childPid) : Task.FromResult(0);

    public async Task<ImmutableArray<KvUsage>> DescribeAsync(ImmutableArray<long> pids) => _engine is { Failure: null } engine
        ? [.. (await Task.WhenAll(pids.Select(engine.DescribeAsync))).OfType<KvUsage>()]
        : [];

    public Task<bool> CanContinueAsync() => Task.FromResult(_host.CanContinue(_model));

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
