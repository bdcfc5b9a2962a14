using Microsoft.Extensions.Options;

namespace LLMOS.Kernel.Security;

/// <summary>
/// Tells from where a call comes: the runtime names the grain or client that sent it, and the silo's own program is told
/// from clients elsewhere by a mark that is drawn at random when the silo starts and that never leaves the cluster.
/// </summary>
public sealed class CallerOrigin(IOptions<SecurityOptions> options) : IOutgoingGrainCallFilter
{
    private const string MarkKey = "llmos.origin";

    private readonly Guid _mark = Guid.NewGuid();
    private readonly Caller _local = Caller.Of(options.Value.LocalPrincipal, CallerRole.Admin);
    private readonly Caller _gateway = Caller.Of(options.Value.GatewayPrincipal, options.Value.GatewayRole);

    /// <summary>Marks the calls that this silo's own program makes.</summary>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        // Asynchronous, so that the mark stays in this call's flow.
        if (context.SourceId is not { } source || source.IsClient())
        {
            RequestContext.Set(MarkKey, _mark);
        }

        await context.Invoke();
    }

    /// <summary>Who makes an incoming call; null for the kernel. The mark ends here.</summary>
    /// <param name="source">The grain or client that sent it, as the runtime says.</param>
    /// <param name="isDoor">Whether it came through a door: from a client, not from a grain.</param>
    internal Caller? Identify(GrainId? source, out bool isDoor)
    {
        var claim = CallerContext.Claim;
        isDoor = source is not { } sender || sender.IsClient();
        if (!isDoor)
        {
            return claim;
        }

        var isLocal = RequestContext.Get(MarkKey) is Guid mark && mark == _mark;
        RequestContext.Remove(MarkKey);
        return Limit(claim, isLocal ? _local : _gateway);
    }

    /// <summary>What of a claim a door lets pass. No client is a process: it asks to be put in the place of one.</summary>
    internal static Caller Limit(Caller? claim, Caller ceiling) => claim is null
        ? ceiling
        : Caller.Of(
            ceiling.Has(Privileges.Administer) && claim.Principal is { Length: > 0 and <= 64 } name && name != Caller.KernelPrincipal ? name : ceiling.Principal,
            Enum.IsDefined(claim.Role) && claim.Role < ceiling.Role ? claim.Role : ceiling.Role) with
        {
            // Only the silo's own doors know of keys.
            MostUrgent = ceiling.Has(Privileges.Administer) ? claim.MostUrgent : ceiling.MostUrgent,
        };
}
