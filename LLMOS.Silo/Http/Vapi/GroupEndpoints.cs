using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Multicast groups.</summary>
internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("/groups").WithTags("groups");
        group.MapGet("", async (LlmosClient client) => new Page<string>(await client.ListGroupsAsync(), null)).WithSummary("The groups that have members.");
        group.MapGet("/{name}", async (string name, LlmosClient client) => new GroupView(name, await client.ListMembersAsync(name))).WithSummary("A group with its members.");
        group.MapPut("/{name}/members/{pid}", async (string name, string pid, LlmosClient client) =>
        {
            await client.JoinGroupAsync(name, await client.ResolveAsync(pid, "join"));
            return new GroupView(name, await client.ListMembersAsync(name));
        }).WithSummary("Makes a process a member.");
        group.MapDelete("/{name}/members/{pid}", async (string name, string pid, LlmosClient client) =>
        {
            await client.LeaveGroupAsync(name, await client.ResolveAsync(pid, "leave"));
            return new GroupView(name, await client.ListMembersAsync(name));
        }).WithSummary("Takes a process out.");
        group.MapPost("/{name}/messages", async (string name, BroadcastBody body, LlmosClient client) => MessageEndpoints.Receipt(
            await client.MulticastAsync(body.From ?? WellKnownPids.Console, new OutgoingMessage { To = 0, Group = name, Payload = body.Text, MessageType = VmpMessageType.Notification })))
            .WithSummary("Sends a message to the members.");
    }
}
