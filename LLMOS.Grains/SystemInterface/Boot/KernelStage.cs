using System.Numerics.Tensors;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Boot;

/// <summary>The vector space, the process table, and the root of the process tree.</summary>
public sealed class KernelStage(IVectorSpace vectors) : IBootStage
{
    public BootStage Stage => BootStage.Kernel;

    public async Task<string> StartAsync(BootContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Record.VectorSpace.Length > 0 && context.Record.VectorSpace != vectors.Identity)
        {
            throw LlmosException.Refused(
                $"The stored vectors were made by '{context.Record.VectorSpace}' and this system embeds with '{vectors.Identity}': " +
                "configure that embedder again, or start with an empty data folder.");
        }

        var probe = vectors.Embed("boot");
        if (probe.Length != vectors.Dimension || MathF.Abs(TensorPrimitives.Norm<float>(probe) - 1) > 1e-3f)
        {
            throw LlmosException.Refused(
                $"The embedder '{vectors.Identity}' gave {probe.Length} floats of length {TensorPrimitives.Norm<float>(probe):0.###} where {vectors.Dimension} of length 1 were due: configure another one.");
        }

        context.Record.VectorSpace = vectors.Identity;
        await context.Grains.GetGrain<IProcessTableGrain>(0).SpawnAsync(WellKnownPids.Init, new ProcessSpec
        {
            Name = "init",
            Role = "the root of the process tree",
            Kind = ProcessKind.System,
            Program = ProcessPrograms.Mailbox,
            Permissions = Permissions.All,
        });
        return $"vector space {vectors.Identity}";
    }

    public Task UndoAsync(BootContext context) => Task.CompletedTask;
}
