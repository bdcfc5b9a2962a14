using System.Globalization;
using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Processes. Wherever an address has a PID, a name will do.</summary>
internal static class ProcessEndpoints
{
    /// <summary>How many processes one request looks through at most for those that fit a filter.</summary>
    private const int LongestLook = 5_000;

    private const double LongestWait = 300;

    public static void MapProcesses(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("/processes").WithTags("processes");
        group.MapGet("", ListAsync).WithSummary("Lists processes, the newest first. A page may have fewer than 'limit' and still have a 'next'.");
        group.MapPost("", SpawnAsync).WithSummary("Spawns a process.").Produces<ProcessView>(StatusCodes.Status201Created);
        group.MapGet("/{pid}", async (string pid, LlmosClient client) => ProcessView.Of(await client.GetProcessAsync(await client.ResolveAsync(pid)))).WithSummary("A process.");
        group.MapGet("/{pid}/messages", MessagesAsync).WithSummary("Messages that it sent and received, the newest first.");
        group.MapGet("/{pid}/context", ContextAsync).WithSummary("Its context region: the pages and the entries.");
        group.MapGet("/{pid}/wait", WaitAsync).WithSummary("Waits until it has ended, or 'timeout' seconds are over (30; at most 300).");
        group.MapPost("/{pid}/kill", KillAsync).WithSummary("Ends it, in the middle of a turn too.");
        group.MapPost("/{pid}/suspend", async (string pid, SignalBody? body, LlmosClient client) =>
            await SignalAsync(client, "suspend", pid, found => client.SuspendAsync(found, body?.Reason ?? "suspended over VAPI"))).WithSummary("Pauses it.");
        group.MapPost("/{pid}/resume", async (string pid, LlmosClient client) => await SignalAsync(client, "resume", pid, client.ResumeAsync)).WithSummary("Lets it go on.");
        group.MapPost("/{pid}/nice", async (string pid, NiceBody body, LlmosClient client) =>
            await SignalAsync(client, "nice", pid, found => client.NiceAsync(found, body.Delta))).WithSummary("Adds to its priority.");
        group.MapPut("/{pid}/priority", async (string pid, PriorityBody body, LlmosClient client) =>
            await SignalAsync(client, "setpriority", pid, found => client.SetPriorityAsync(found, ProcessPriority.Parse(body.Priority)))).WithSummary("Sets its priority.");
        group.MapPut("/{pid}/model", async (string pid, ModelBody body, LlmosClient client) =>
            ProcessView.Of(await client.SwapModelAsync(await client.ResolveAsync(pid, "swapModel"), body.Model))).WithSummary("Gives it another model, from its next turn on.");
        group.MapGet("/{pid}/limits", async (string pid, LlmosClient client) => await client.GetLimitsAsync(await client.ResolveAsync(pid, "getrlimit"))).WithSummary("Its limits, and what is used of them.");
        group.MapPut("/{pid}/limits", async (string pid, LimitBody body, LlmosClient client) =>
            await client.SetLimitAsync(await client.ResolveAsync(pid, "setrlimit"), LimitOf(body.Limit), body.Value)).WithSummary("Sets a limit.");
    }

    /// <summary>A limit by its name.</summary>
    /// <exception cref="LlmosException">There is none of that name.</exception>
    public static ResourceLimit LimitOf(string name) =>
        Enum.TryParse<ResourceLimit>(name, ignoreCase: true, out var limit) && Enum.IsDefined(limit) && !char.IsDigit(name[0]) ? limit
        : throw LlmosException.InvalidArgument($"'limit' is '{(name.Length <= 40 ? name : name[..40] + "…")}': use tokens, slice, hardCap, requests, rate, processes, context or gpu.");

    /// <exception cref="VapiException">A filter names none of the values, so that it would let nothing through.</exception>
    private static void CheckName<T>(string filter, string? said)
        where T : struct, Enum
    {
        if (said is not null && !Enum.GetNames<T>().Contains(said, StringComparer.OrdinalIgnoreCase))
        {
            throw VapiException.Wrong($"'{filter}' is '{(said.Length <= 40 ? said : said[..40] + "…")}': use {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}.");
        }
    }

    private static async Task<Page<ProcessView>> ListAsync(
        LlmosClient client, int? limit, string? cursor, bool? live, string? state, string? kind, string? name, string? model, string? owner, string? group, long? parent)
    {
        var most = Paging.Limit(limit);
        var before = Paging.Before(cursor);
        CheckName<ProcessState>("state", state);
        CheckName<ProcessKind>("kind", kind);
        var items = new List<ProcessView>();
        for (var looked = 0; looked < LongestLook;)
        {
            var chunk = await client.ListProcessesAsync(new ProcessFilter { LiveOnly = live ?? false, Group = group, Limit = most, Before = before });
            foreach (var process in chunk.Reverse())
            {
                before = process.Pid;
                if (Is(state, process.State.ToString()) && Is(kind, process.Kind.ToString()) && Is(name, process.Name) && (Is(model, process.Model) || Is(model, process.RequestedModel)) && Is(owner, process.Owner)
                    && (parent is null || process.ParentPid == parent))
                {
                    items.Add(ProcessView.Of(process));
                    if (items.Count == most)
                    {
                        return new Page<ProcessView>(items, before.ToString(CultureInfo.InvariantCulture));
                    }
                }
            }

            if (chunk.Length < most)
            {
                return new Page<ProcessView>(items, null);
            }

            looked += chunk.Length;
        }

        return new Page<ProcessView>(items, before.ToString(CultureInfo.InvariantCulture));

        static bool Is(string? wanted, string value) => wanted is null || wanted.Equals(value, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<IResult> SpawnAsync(SpawnBody body, LlmosClient client)
    {
        var template = body.Template is { } named ? await client.GetTemplateAsync(named) : null;
        var process = ProcessView.Of(await client.SpawnAsync(body.ToSpec(template)));
        return Results.Json(process, statusCode: StatusCodes.Status201Created).At(string.Create(CultureInfo.InvariantCulture, $"{VapiEndpoints.Root}/processes/{process.Pid}"));
    }

    private static async Task<Page<MessageView>> MessagesAsync(string pid, LlmosClient client, int? limit, string? cursor)
    {
        var most = Paging.Limit(limit);
        var found = await client.QueryMessagesAsync(new MessageQuery { Pid = await client.ResolveAsync(pid), Limit = most, BeforeSequence = Paging.Before(cursor) });
        return Paging.Of(found.Reverse().Select(MessageView.Of), most, message => message.Sequence!.Value);
    }

    private static async Task<ContextResource> ContextAsync(string pid, LlmosClient client)
    {
        var process = await client.GetProcessAsync(await client.ResolveAsync(pid));
        if (process.Context.Region.Length == 0)
        {
            return new ContextResource(process.Context, null, [], []);
        }

        try
        {
            return new ContextResource(
                process.Context, await client.GetRegionAsync(process.Context.Region), await client.ListPagesAsync(process.Context.Region), await client.ReadRegionAsync(process.Context.Region));
        }
        catch (LlmosException missing) when (missing.Code == LlmosErrorCode.NotFound)
        {
            // It is made with the first turn.
            return new ContextResource(process.Context, null, [], []);
        }
    }

    private static async Task<ProcessView> WaitAsync(string pid, double? timeout, LlmosClient client, HttpContext context)
    {
        var seconds = timeout ?? 30;
        if (seconds is not (>= 0 and <= LongestWait))
        {
            throw VapiException.Wrong(string.Create(CultureInfo.InvariantCulture, $"'timeout' is {seconds}: use 0 to {LongestWait} seconds, and ask again."));
        }

        return ProcessView.Of(await client.WaitAsync(await client.ResolveAsync(pid, "wait"), TimeSpan.FromSeconds(seconds), context.RequestAborted));
    }

    private static Task<ProcessView> KillAsync(string pid, SignalBody? body, LlmosClient client)
    {
        var reason = body?.Reason ?? "killed over VAPI";
        return SignalAsync(client, "kill", pid, found => body?.Tree == true ? client.KillTreeAsync(found, reason) : client.KillAsync(found, reason));
    }

    private static async Task<ProcessView> SignalAsync(LlmosClient client, string syscall, string named, Func<long, Task> signal)
    {
        var pid = await client.ResolveAsync(named, syscall);
        await signal(pid);
        return ProcessView.Of(await client.GetProcessAsync(pid));
    }
}
