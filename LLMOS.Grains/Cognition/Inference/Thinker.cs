using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Cognition.Inference;

/// <summary>A process's way to a model: asks the scheduler for a replica, has it admitted, and generates there.</summary>
public sealed class Thinker : IAsyncDisposable
{
    /// <summary>The name of the model that a silo runs when none is named.</summary>
    public const string DefaultModel = InferenceKeys.DefaultModel;

    // A silo that refuses names a better one; more refusals in a row than this mean that none will take it.
    private const int Attempts = 4;

    private readonly IGrainFactory _grains;
    private readonly long _pid;
    private readonly string _model;
    private int _tokens;

    private Thinker(IGrainFactory grains, long pid, string model, IInferenceGrain replica, ModelCard card)
    {
        _grains = grains;
        _pid = pid;
        _model = model;
        Replica = replica;
        Card = card;
    }

    public IInferenceGrain Replica { get; private set; }

    public ModelCard Card { get; private set; }

    /// <summary>Gives a process a replica that has taken the model.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="pid">The process.</param>
    /// <param name="model">The model that it asks for; empty for the default.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="request">About what it is going to ask, to find the replica that has most of it; asked when it has no place yet and there is a choice. Null to go by load alone.</param>
    /// <exception cref="LlmosException">No silo takes it; the sentence says why.</exception>
    public static async Task<Thinker> AcquireAsync(
        IGrainFactory grains, long pid, string model, ProcessPriority priority, Func<Task<InferenceRequest>>? request = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var name = NameOf(model);
        var scheduler = grains.GetGrain<ISchedulerGrain>(name);
        var cached = request is null ? [] : await FindPrefixesAsync(grains, scheduler, pid, name, request);
        var (replica, card) = await AdmitAsync(grains, pid, name, priority, cached);
        return new Thinker(grains, pid, name, replica, card);
    }

    /// <summary>Whether a model goes on with an answer that was cut short, as far as a silo is there that knows the model; it loads nothing.</summary>
    public static async Task<bool> CanContinueAsync(IGrainFactory grains, string model)
    {
        ArgumentNullException.ThrowIfNull(grains);
        try
        {
            return await ReplicaOf(grains, NameOf(model), 0).CanContinueAsync();
        }
        catch (LlmosException exception) when (exception.Code == LlmosErrorCode.Unavailable)
        {
            // A kernel may be up before the silos with models: the turn finds out.
            return true;
        }
    }

    /// <summary>Generates. What waits for its turn on a replica may be moved to another one, which its reader does not notice.</summary>
    public async IAsyncEnumerable<InferenceChunk> GenerateAsync(
        InferenceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Activity.Current?.Id is { } turn)
        {
            request = request with { TraceParent = turn };
        }

        while (true)
        {
            var isMoved = false;
            await foreach (var chunk in Replica.GenerateAsync(request, cancellationToken).WithCancellation(cancellationToken))
            {
                isMoved = chunk.Usage is { FinishReason: FinishReason.Withdrawn };
                if (!isMoved)
                {
                    _tokens += chunk.Tokens;
                    yield return chunk;
                }
            }

            if (!isMoved)
            {
                yield break;
            }

            (Replica, Card) = await AdmitAsync(_grains, _pid, _model, request.Priority, []);
        }
    }

    /// <summary>Tells the scheduler that the turn is over, whether it came to thinking or not.</summary>
    public async ValueTask DisposeAsync() => await _grains.GetGrain<ISchedulerGrain>(_model).CompleteAsync(_pid, _tokens);

    /// <summary>Gives back what the engines hold for a process, wherever it thought.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="pid">The process.</param>
    /// <param name="model">The model that it asked for.</param>
    /// <param name="endedDomain">The security domain that ends with it; null when others go on in it.</param>
    public static async Task ReleaseAsync(IGrainFactory grains, long pid, string model, string? endedDomain = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var name = NameOf(model);
        var scheduler = grains.GetGrain<ISchedulerGrain>(name);
        foreach (var number in await scheduler.GetHoldersAsync(pid))
        {
            await ReplicaOf(grains, name, number).ReleaseAsync(pid, endedDomain);
        }

        await scheduler.ForgetAsync(pid);
    }

    /// <summary>Gives what is being generated for a process another priority.</summary>
    /// <returns>False when no engine has anything of it to generate, yet or any more.</returns>
    public static async Task<bool> SetPriorityAsync(IGrainFactory grains, long pid, string model, ProcessPriority priority)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var name = NameOf(model);
        return await grains.GetGrain<ISchedulerGrain>(name).ReprioritiseAsync(pid, priority) is { } number
            && await ReplicaOf(grains, name, number).SetPriorityAsync(pid, priority);
    }

    /// <summary>Lets a child begin with the KV that its parent has now, and on its replica. Does nothing when no engine holds any.</summary>
    public static async Task ForkAsync(IGrainFactory grains, long parentPid, ProcessControlBlock child, string model)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(child);
        var name = NameOf(model);
        var scheduler = grains.GetGrain<ISchedulerGrain>(name);
        foreach (var entry in await scheduler.GetQueueAsync())
        {
            if (entry.Pid == parentPid && await ReplicaOf(grains, name, entry.Replica).ForkAsync(parentPid, child.Pid) > 0)
            {
                await scheduler.PlaceAsync(child.Pid, entry.Replica, child.Priority);
            }
        }
    }

    private static async Task<(IInferenceGrain Replica, ModelCard Card)> AdmitAsync(
        IGrainFactory grains, long pid, string name, ProcessPriority priority, ImmutableArray<int> cached)
    {
        var scheduler = grains.GetGrain<ISchedulerGrain>(name);
        var reason = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var number = await scheduler.AssignAsync(pid, priority, cached);
            try
            {
                var replica = ReplicaOf(grains, name, number);
                var admission = await replica.AdmitAsync();
                if (admission is { Accepted: true, Card: { } card })
                {
                    return (replica, card);
                }

                reason = admission.Reason;
            }
            catch
            {
                await scheduler.ForgetAsync(pid);
                throw;
            }
        }

        await scheduler.ForgetAsync(pid);
        throw new LlmosException(LlmosErrorCode.ResourceExhausted, reason);
    }

    private static string NameOf(string model) => string.IsNullOrEmpty(model) ? DefaultModel : model;

    private static IInferenceGrain ReplicaOf(IGrainFactory grains, string model, int number) =>
        grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(model, number));

    private static async Task<ImmutableArray<int>> FindPrefixesAsync(
        IGrainFactory grains, ISchedulerGrain scheduler, long pid, string model, Func<Task<InferenceRequest>> request)
    {
        var candidates = await scheduler.GetCandidatesAsync(pid);
        if (candidates.Length < 2)
        {
            return [];
        }

        var asked = await request();
        var cached = new int[candidates.Max() + 1];
        await Task.WhenAll(candidates.Select(async number =>
        {
            try
            {
                cached[number] = (await ReplicaOf(grains, model, number).EstimateAsync(asked)).CachedTokens;
            }
            catch (LlmosException)
            {
                // One that is lost, or that refuses the prompt, has nothing of it.
            }
        }));
        return [.. cached];
    }
}
