using LLMOS.Client;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Activity;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Models, devices, engines, runs, accounts, and the audit log.</summary>
internal static class SystemEndpoints
{
    private const double LongestLookBack = 60;

    public static void MapSystem(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("").WithTags("system");
        group.MapGet("/models", (IModelShelf shelf) => new Page<ModelView>([.. shelf.List().Select(model => new ModelView(model.Name, model.Description))], null)).WithSummary("The models that processes can be given.");
        group.MapGet("/devices", async (LlmosClient client) => new Page<DeviceView>([.. (await SampleAsync(client, 0)).Devices.Select(DeviceView.Of)], null)).WithSummary("The devices of the cluster, with their memory and what is loaded there.");
        group.MapGet("/engines", EnginesAsync).WithSummary("The engines that are loaded: figures, and, with 'seconds', who held the device lately (at most 60).");
        group.MapGet("/runs", async (LlmosClient client, HttpContext context) => new Page<RunView>([.. (await client.ListRunsAsync(context.RequestAborted)).Reverse().Select(RunView.Of)], null)).WithSummary("Runs of workflows, the newest first.");
        group.MapGet("/runs/{id}", async (string id, LlmosClient client) => RunView.Of(await client.GetRunAsync(id))).WithSummary("A run.");
        group.MapGet("/accounts/{**account}", async (string account, LlmosClient client) => await client.GetAccountAsync(account)).WithSummary("The account of a user or group.");
        group.MapPut("/accounts/{**account}", async (string account, LimitBody body, LlmosClient client) =>
            await client.SetAccountLimitAsync(account, ProcessEndpoints.LimitOf(body.Limit), body.Value)).WithSummary("Sets a limit of an account.");
        group.MapGet("/audit", AuditAsync).WithSummary("The audit log, the newest first. For administrators.");
        group.MapGet("/audit/verification", async (LlmosClient client) =>
        {
            var found = await client.VerifyAuditAsync();
            return new VerificationView(found.IsIntact, found.Records, Convert.ToHexStringLower(found.Head.AsSpan()), found.BrokenAt, found.Problem);
        }).WithSummary("Whether the audit log is as it was written. For administrators.");
    }

    private static Task<SystemActivity> SampleAsync(LlmosClient client, double seconds) => client.SampleAsync(
        new ActivityQuery { Processes = 0, IncludeMemory = false, IncludeUsage = seconds > 0, SlicesOf = TimeSpan.FromSeconds(seconds) });

    private static async Task<Page<EngineReport>> EnginesAsync(double? seconds, LlmosClient client) =>
        (seconds ?? 0) is >= 0 and <= LongestLookBack
            ? new Page<EngineReport>((await SampleAsync(client, seconds ?? 0)).Engines, null)
            : throw VapiException.Wrong($"'seconds' is {seconds}: use 0 to {LongestLookBack}.");

    private static async Task<Page<AuditView>> AuditAsync(LlmosClient client, int? limit, string? cursor, string? pid, string? syscall, DateTimeOffset? since, DateTimeOffset? until)
    {
        var most = Paging.Limit(limit);
        var found = await client.QueryAuditAsync(new AuditQuery
        {
            Pid = pid is null ? null : await client.ResolveAsync(pid),
            Syscall = syscall,
            Since = since,
            Until = until,
            Limit = most,
            BeforeSequence = Paging.Before(cursor),
        });
        return Paging.Of(found.Reverse().Select(AuditView.Of), most, record => record.Sequence);
    }
}
