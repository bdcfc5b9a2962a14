using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.SystemInterface.Boot;

/// <summary>The default model, where it is wanted at once: after this a sentence can be answered.</summary>
public sealed class ShellStage : IBootStage
{
    public BootStage Stage => BootStage.ShellReady;

    public async Task<string> StartAsync(BootContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Request.LoadModel)
        {
            return "no model loaded";
        }

        await using var thinker = await Thinker.AcquireAsync(context.Grains, WellKnownPids.Init, Thinker.DefaultModel, ProcessPriority.Default);
        await Thinker.ReleaseAsync(context.Grains, WellKnownPids.Init, Thinker.DefaultModel);
        return $"model {thinker.Card.Name} on {thinker.Card.Device}";
    }

    public Task UndoAsync(BootContext context) => Task.CompletedTask;
}
