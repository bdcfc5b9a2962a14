using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Messages, broadcasts and dead letters.</summary>
internal static class MessageEndpoints
{
    private const double LongestWait = 300;

    public static void MapMessages(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("/messages").WithTags("messages");
        group.MapGet("", ListAsync).WithSummary("The log of messages, the newest first.");
        group.MapPost("", SendAsync).WithSummary("Sends a message; it is in the durable log when this answers.").Produces<MessageView>(StatusCodes.Status201Created);
        group.MapPost("/receive", ReceiveAsync).WithSummary("Takes a message out of the mailbox of a process that runs the program mailbox; 204 when none came in time.")
            .Produces<MessageView>().Produces(StatusCodes.Status204NoContent);
        group.MapPost("/broadcast", async (BroadcastBody body, LlmosClient client) => Receipt(await client.BroadcastAsync(body.Text, body.From ?? WellKnownPids.Console))).WithSummary("Sends a message to all processes that live.");
        group.MapGet("/dead", DeadAsync).WithSummary("Dead letters, the newest first, each with its reason.");
        group.MapPost("/dead/{sequence:long}/replay", async (long sequence, ReplayBody? body, LlmosClient client) => MessageView.Of(await client.ReplayAsync(sequence, body?.To)))
            .WithSummary("Sends a dead letter again; a second time changes nothing.");
    }

    /// <summary>What was sent to many.</summary>
    public static ReceiptView Receipt(MulticastReceipt receipt) => new(MessageView.Of(receipt.Message), receipt.Recipients);

    private static async Task<Page<MessageView>> ListAsync(LlmosClient client, int? limit, string? cursor, string? pid, string? correlationId, long? after)
    {
        var most = Paging.Limit(limit);
        var found = await client.QueryMessagesAsync(new MessageQuery
        {
            Pid = pid is null ? null : await client.ResolveAsync(pid),
            CorrelationId = correlationId,
            Limit = most,
            AfterSequence = after ?? 0,
            BeforeSequence = Paging.Before(cursor),
        });
        return Paging.Of(found.Reverse().Select(MessageView.Of), most, message => message.Sequence!.Value);
    }

    private static async Task<Page<MessageView>> DeadAsync(LlmosClient client, int? limit, string? cursor, string? pid)
    {
        var most = Paging.Limit(limit);
        var found = await client.QueryMessagesAsync(new MessageQuery
        {
            Pid = pid is null ? null : await client.ResolveAsync(pid),
            Limit = most,
            DeadOnly = true,
            BeforeSequence = Paging.Before(cursor),
        });
        return Paging.Of(found.Reverse().Select(MessageView.Of), most, message => message.Sequence!.Value);
    }

    private static async Task<IResult> SendAsync(SendBody body, LlmosClient client)
    {
        var sent = await client.SendAsync(body.From ?? WellKnownPids.Console, new OutgoingMessage
        {
            To = body.To,
            Payload = body.Text,
            MessageType = TypeOf(body.Type ?? "request"),
            Priority = body.Priority is { } priority ? ProcessPriority.Parse(priority) : null,
            CorrelationId = body.CorrelationId ?? "",
            RequiresAck = body.RequiresAck,
            Deadline = body.Deadline,
        });
        return Results.Json(MessageView.Of(sent), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReceiveAsync(ReceiveBody body, LlmosClient client, HttpContext context)
    {
        if (body.Timeout is not (>= 0 and <= LongestWait))
        {
            throw VapiException.Wrong($"'timeout' is {body.Timeout}: use 0 to {LongestWait} seconds, and ask again.");
        }

        var filter = new MessageFilter { From = body.From, CorrelationId = body.CorrelationId };
        return await client.ReceiveAsync(body.Pid ?? WellKnownPids.Console, filter, TimeSpan.FromSeconds(body.Timeout), context.RequestAborted) is { } message
            ? Results.Json(MessageView.Of(message))
            : Results.NoContent();
    }

    private static VmpMessageType TypeOf(string text) => text.ToUpperInvariant() switch
    {
        "REQUEST" => VmpMessageType.Request,
        "RESPONSE" => VmpMessageType.Response,
        "NOTIFICATION" => VmpMessageType.Notification,
        _ => throw VapiException.Wrong($"'type' is '{(text.Length <= 40 ? text : text[..40] + "…")}': use request, response or notification; /vapi/v1/messages/broadcast sends to all."),
    };
}
