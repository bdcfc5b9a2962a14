using System.Globalization;
using LLMOS.Client;
using LLMOS.Client.Watching;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Http.Live;
using LLMOS.SystemInterface.Activity;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Streams of server-sent events, and the sample of the system that the live one is made of.</summary>
internal static class EventEndpoints
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>How long a process has to refuse to be watched before it counts as one that is silent.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(500);

    public static void MapEvents(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("").WithTags("events");
        group.MapGet("/events", EventsAsync)
            .WithSummary("What happens: events of the kinds syscall and message, with the place in the audit log as their id, to be resumed with Last-Event-ID or 'after'; and process and turn, as samples show them. For administrators.")
            .Produces<string>(contentType: "text/event-stream");
        group.MapGet("/processes/{pid}/events", OutputsAsync)
            .WithSummary("What a process shows: its text token by token, turns, states; to be resumed with Last-Event-ID as far back as the process remembers.")
            .Produces<string>(contentType: "text/event-stream");
        group.MapGet("/live", async (HttpContext context, LiveBoard board) =>
        {
            RequireAdministrator(context, "see the figures of all processes");
            await board.SendAsync(new EventStream(context));
        }).WithSummary("The figures of the dashboard: all of them, then what changes, up to twelve times a second. For administrators.").Produces<string>(contentType: "text/event-stream");
        group.MapGet("/activity", async (int? processes, double? seconds, LlmosClient client) =>
        {
            var sample = await client.SampleAsync(new ActivityQuery { Processes = processes ?? Paging.DefaultLimit, SlicesOf = TimeSpan.FromSeconds(Math.Clamp(seconds ?? 0, 0, 60)) });
            var usage = sample.Engines.SelectMany(engine => engine.Processes).ToLookup(found => found.Pid);
            return new ActivityView(
                sample.At,
                [.. sample.Processes.Select(process => ProcessActivity.Of(process, usage[process.Pid].MaxBy(found => found.Cells)))],
                sample.Engines,
                sample.Memory,
                [.. sample.Devices.Select(DeviceView.Of)]);
        }).WithSummary("A sample of what all processes, engines, levels of memory and devices do.");
    }

    private static async Task EventsAsync(HttpContext context, EventFeed feed, long? after, string? kinds)
    {
        RequireAdministrator(context, "hear all that happens; /vapi/v1/processes/{pid}/events has what one process does");
        var wanted = kinds?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal) ?? [.. EventFeed.Kinds];
        if (wanted.FirstOrDefault(kind => !EventFeed.Kinds.Contains(kind)) is { } unknown)
        {
            throw VapiException.Wrong($"'kinds' has '{(unknown.Length <= 40 ? unknown : unknown[..40] + "…")}': use {string.Join(", ", EventFeed.Kinds)}.");
        }

        var last = context.Request.Headers[LastEventId].ToString();
        if (last.Length > 0)
        {
            after = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw VapiException.Wrong($"{LastEventId} is '{(last.Length <= 40 ? last : last[..40] + "…")}', which is the id of no event: send that of the last one that came.");
        }

        await feed.SendAsync(new EventStream(context), after, wanted);
    }

    private static async Task OutputsAsync(string pid, HttpContext context, LlmosClient client)
    {
        var found = await client.GetProcessAsync(await client.ResolveAsync(pid));
        var (epoch, offset) = PlaceOf(context.Request.Headers[LastEventId].ToString());
        var stream = new EventStream(context);
        var outputs = client.WatchAsync(found.Pid, stream.Aborted).GetAsyncEnumerator(stream.Aborted);
        try
        {
            // The first piece is asked for before the header is sent, so that a refusal is a problem and not an empty stream.
            var next = outputs.MoveNextAsync().AsTask();
            await Task.WhenAny(next, Task.Delay(FirstLook, stream.Aborted));
            if (next.IsFaulted)
            {
                await next;
            }

            await stream.BeginAsync();
            while (true)
            {
                while (!await Pulse.WaitAsync(next, EventStream.Silence, stream.Aborted))
                {
                    await stream.SendAsync(EventFrame.KeepAlive);
                }

                if (!await next)
                {
                    return;
                }

                var output = outputs.Current;
                if (output.Epoch != epoch || output.Offset > offset)
                {
                    await stream.SendAsync(EventFrame.Encode(
                        ProcessView.Word(output.Kind).ToLowerInvariant(),
                        string.Create(CultureInfo.InvariantCulture, $"{output.Epoch}-{output.Offset}"),
                        new OutputEvent(found.Pid, output.MessageId, output.Text, output.Tokens)));
                }

                next = outputs.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            try
            {
                await outputs.DisposeAsync();
            }
            catch (Exception gone) when (gone is NotSupportedException or OperationCanceledException or OrleansException or TimeoutException)
            {
                // It is still being asked for the next one; its silo notices that nobody reads on.
            }
        }
    }

    private static (long Epoch, long Offset) PlaceOf(string last) =>
        last.Length == 0 ? (0, -1)
        : last.Split('-') is [var epoch, var offset] && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var activation) && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? (activation, place)
        : throw VapiException.Wrong($"{LastEventId} is '{(last.Length <= 40 ? last : last[..40] + "…")}', which is the id of no event: send that of the last one that came.");

    private static void RequireAdministrator(HttpContext context, string what)
    {
        if (context.Features.Get<ApiKey>() is { Role: < CallerRole.Admin } key)
        {
            throw LlmosException.Denied($"{key.Principal} may not {what}: that is for administrators, and its role is {key.Role.ToString().ToLowerInvariant()}.");
        }
    }
}
