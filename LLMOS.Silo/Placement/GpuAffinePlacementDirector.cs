using LLMOS.Cognition.Inference;
using LLMOS.Silo.Models;
using Orleans.Runtime.Placement;

namespace LLMOS.Silo.Placement;

/// <summary>
/// Directs <see cref="GpuAffinePlacement"/>. It reads only the local <see cref="DeviceMap"/>; a silo that has not been
/// heard of, because it or this one just started, is asked once.
/// </summary>
internal sealed partial class GpuAffinePlacementDirector(
    DeviceMap map,
    IDeviceReporter reporter,
    DeviceGossipClient others,
    ModelRegistry models,
    TimeProvider time,
    ILogger<GpuAffinePlacementDirector> logger) : IPlacementDirector
{
    private readonly GpuAffinePolicy _policy = new(Random.Shared.Next);
    private readonly PendingPlacements _pending = new(time);

    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var (model, replica) = InferenceKeys.Parse(target.GrainIdentity.Key.ToString()!);
        var compatible = GetCompatibleSilos(target, context, model);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, compatible) is { } hint)
        {
            return hint;
        }

        if (models.IsRemote(model))
        {
            // Its engine is a server elsewhere: the silo that asks saves a hop.
            return compatible.Contains(context.LocalSilo) ? context.LocalSilo : compatible[Random.Shared.Next(compatible.Length)];
        }

        await HearOfAsync(compatible.Where(silo => !map.Knows(silo)), context.LocalSilo);
        var devices = map.Devices.Where(device => compatible.Contains(device.Silo));
        var chosen = _policy.Choose(model, _pending.Candidates(model, replica, devices)) ?? throw NoDevice(model);
        _pending.Add(model, replica, chosen);
        return chosen.Silo;
    }

    private static SiloAddress[] GetCompatibleSilos(PlacementTarget target, IPlacementContext context, string model)
    {
        try
        {
            return context.GetCompatibleSilos(target);
        }
        catch (OrleansException exception) when (exception is not SiloUnavailableException)
        {
            throw NoDevice(model);
        }
    }

    private static LlmosException NoDevice(string model) => LlmosException.Unavailable(
        $"No silo of this cluster offers a device for the model '{model}': start one on a machine with a GPU, or let one use its CPU with --devices auto.");

    private async Task HearOfAsync(IEnumerable<SiloAddress> unknown, SiloAddress local) =>
        await Task.WhenAll(unknown.Select(async silo =>
        {
            try
            {
                map.Update(silo.Equals(local) ? reporter.Report() : await others.Of(silo).GetAsync());
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or ObjectDisposedException)
            {
                // It is left out this time; when it is there, its own report will come.
                LogNotHeard(logger, silo, exception.Message);
            }
        }));

    [LoggerMessage(Level = LogLevel.Debug, Message = "The silo {Silo} did not say which devices it has: {Reason}")]
    private static partial void LogNotHeard(ILogger logger, SiloAddress silo, string reason);
}
