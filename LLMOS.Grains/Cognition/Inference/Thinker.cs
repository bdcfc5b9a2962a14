using System.Runtime.CompilerServices;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Cognition.Inference;

/// <summary>A process's way to a model: asks the scheduler for a replica, has it admitted, and generates there.</summary>
public sealed class Thinker : IAsyncDisposable
{
    /// <summary>The name of the model that a silo runs when none is named.</summary>
    public const string DefaultModel = "default";

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

    public IInferenceGrain Replica { get; }

    public ModelCard Card { get; }

    /// <summary>Gives a process a replica that has taken the model.</summary>
    /// <exception cref="LlmosException">No silo takes it; the sentence says why.</exception>
    public static async Task<Thinker> AcquireAsync(IGrainFactory grains, long pid, string model, ProcessPriority priority)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var name = string.IsNullOrEmpty(model) ? DefaultModel : model;
        var scheduler = grains.GetGrain<ISchedulerGrain>(name);
        var reason = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var number = await scheduler.AssignAsync(pid, priority);
            try
            {
                var replica = grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(name, number));
                var admission = await replica.AdmitAsync();
                if (admission is { Accepted: true, Card: { } card })
                {
                    return new Thinker(grains, pid, name, replica, card);
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

    public async IAsyncEnumerable<InferenceChunk> GenerateAsync(
        InferenceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in Replica.GenerateAsync(request, cancellationToken).WithCancellation(cancellationToken))
        {
            _tokens += chunk.Tokens;
            yield return chunk;
        }
    }

    /// <summary>Tells the scheduler that the turn is over, whether it came to thinking or not.</summary>
    public async ValueTask DisposeAsync() => await _grains.GetGrain<ISchedulerGrain>(_model).CompleteAsync(_pid, _tokens);

    /// <summary>Gives back what the engines hold for a process.</summary>
    public static async Task ReleaseAsync(IGrainFactory grains, long pid, string model)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var name = string.IsNullOrEmpty(model) ? DefaultModel : model;
        var scheduler = grains.GetGrain<ISchedulerGrain>(name);
        foreach (var entry in await scheduler.GetQueueAsync())
        {
            if (entry.Pid == pid)
            {
                await grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(name, entry.Replica)).ReleaseAsync(pid);
                await scheduler.ForgetAsync(pid);
            }
        }
    }
}
