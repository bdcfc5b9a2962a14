using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Models;

/// <summary>
/// An engine as its replicas see it: a request finds it in memory, or has it loaded again when it had to leave, and keeps it there until it is done.
/// </summary>
internal sealed class HostedEngine(ModelHost host, LoadedEngine engine) : IModelEngine
{
    private volatile ModelCard? _card;

    public ModelCard Card => _card ?? throw LlmosException.Unavailable($"The model '{engine.Name}' is not loaded yet: ask again.");

    public EngineLoad Load => host.Peek(engine)?.Load ?? default;

    public string? Failure => host.Peek(engine)?.Failure;

    public async IAsyncEnumerable<InferenceChunk> GenerateAsync(
        InferenceRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (InferenceSpan.IsWanted)
        {
            await foreach (var chunk in GenerateSeenAsync(request, cancellationToken))
            {
                yield return chunk;
            }

            yield break;
        }

        using var use = await host.UseAsync(engine, cancellationToken);
        use.Note(request.Priority, request.KeepAlive);
        await foreach (var chunk in use.Engine.GenerateAsync(request, cancellationToken))
        {
            yield return chunk;
        }
    }

    public async Task<PromptEstimate> EstimateAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        using var use = await host.UseAsync(engine, cancellationToken);
        return await use.Engine.EstimateAsync(request, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<int>> CountTokensAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var use = await host.UseAsync(engine, cancellationToken);
        return await use.Engine.CountTokensAsync(texts, cancellationToken);
    }

    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var span = InferenceSpan.IsWanted ? InferenceSpan.BeginEmbedding(engine.Name, engine.Slot is null) : null;
        return span is null ? await ComputeAsync() : await span.AwaitAsync(ComputeAsync());

        async ValueTask<IReadOnlyList<float[]>> ComputeAsync()
        {
            using var use = await host.UseAsync(engine, cancellationToken);
            var embeddings = await use.Engine.EmbedAsync(texts, cancellationToken);
            span?.End(usage: null);
            return embeddings;
        }
    }

    // What is not in memory holds no KV.
    public void Release(long pid, string? endedDomain) => host.Peek(engine)?.Release(pid, endedDomain);

    public Task<bool> SetPriorityAsync(long pid, ProcessPriority priority) =>
        host.Peek(engine)?.SetPriorityAsync(pid, priority) ?? Task.FromResult(false);

    public Task<ImmutableArray<long>> WithdrawAsync(ImmutableArray<long> pids, int most) =>
        host.Peek(engine)?.WithdrawAsync(pids, most) ?? Task.FromResult(ImmutableArray<long>.Empty);

    public Task<int> ForkAsync(long parentPid, long childPid) => host.Peek(engine)?.ForkAsync(parentPid, childPid) ?? Task.FromResult(0);

    public Task<KvUsage?> DescribeAsync(long pid) => host.Peek(engine)?.DescribeAsync(pid) ?? Task.FromResult<KvUsage?>(null);

    /// <summary>The host disposes of what is behind it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>It was loaded.</summary>
    internal void Show(ModelCard card) => _card = card;

    /// <summary>Generates while somebody looks on.</summary>
    private async IAsyncEnumerable<InferenceChunk> GenerateSeenAsync(
        InferenceRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var span = InferenceSpan.Begin(engine.Name, engine.Slot is null, request);
        using var use = await span.AwaitAsync(new ValueTask<EngineUse>(host.UseAsync(engine, cancellationToken)));
        use.Note(request.Priority, request.KeepAlive);
        InferenceUsage? usage = null;
        await using var chunks = use.Engine.GenerateAsync(request with { TraceParent = span.TraceParent }, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await span.AwaitAsync(chunks.MoveNextAsync()))
        {
            usage = chunks.Current.Usage ?? usage;
            if (chunks.Current.Usage is not null)
            {
                span.End(usage);
            }

            yield return chunks.Current;
        }
    }
}
