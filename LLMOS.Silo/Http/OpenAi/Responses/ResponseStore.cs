using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Conversations;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi.Responses;

/// <summary>Responses that are kept, and the conversations that they make. Each is its principal's alone.</summary>
internal sealed class ResponseStore(LlmosClient client, LlmosSiloOptions options)
{
    // A longer chain costs a read of the store for each of its links.
    private const int LongestChain = 1_000;

    /// <exception cref="OpenAiException">There is no such response, or it is another's.</exception>
    public async Task<StoredResponse> FindAsync(HttpContext context, string id, string? parameter = null) =>
        ResponseItems.IsId("resp", id) && await AsServer.CallAsync(() => Grain(id).FindAsync()) is { } response && response.Owner == OwnerOf(context)
            ? response
            : throw new OpenAiException(
                StatusCodes.Status404NotFound,
                $"There is no response '{(id.Length <= 80 ? id : id[..80] + "…")}': it was not stored, was deleted, or is older than {IStoredResponseGrain.Longest.TotalDays:0} days.",
                parameter,
                parameter is null ? "not_found" : "previous_response_not_found");

    public Task StoreAsync(HttpContext context, string id, StoredResponse response) =>
        AsServer.CallAsync(() => Grain(id).StoreAsync(response with { Owner = OwnerOf(context) }));

    /// <summary>Deletes a response, and ends its process if nobody went on in it.</summary>
    public async Task DeleteAsync(HttpContext context, string id)
    {
        _ = await FindAsync(context, id);
        if (await AsServer.CallAsync(() => Grain(id).DeleteAsync()) is { IsLast: true, Response.Pid: var pid })
        {
            try
            {
                await AsServer.CallAsync(() => client.KillAsync(pid, "its response was deleted"));
            }
            catch (LlmosException)
            {
                // It has ended by itself.
            }
        }
    }

    /// <summary>The process that gave a response, for the first who goes on from it in the same role and with the same model.</summary>
    /// <returns>Null where what was said has to be told to a process of its own.</returns>
    public async Task<ProcessControlBlock?> ClaimAsync(string id, StoredResponse previous, string role, string model)
    {
        var process = await AsServer.CallAsync(() => client.GetProcessAsync(previous.Pid));
        return process.State is not (ProcessState.Terminated or ProcessState.Suspended) && process.Role == role && process.RequestedModel == model
            && await AsServer.CallAsync(() => Grain(id).ClaimAsync())
            ? process
            : null;
    }

    /// <summary>All that was said up to a response and in it, oldest first.</summary>
    /// <exception cref="OpenAiException">An earlier response of the chain is gone.</exception>
    public async Task<ImmutableArray<ChatMessage>> HistoryAsync(HttpContext context, StoredResponse last)
    {
        var links = new Stack<StoredResponse>([last]);
        while (links.Peek().Previous is { Length: > 0 } before)
        {
            links.Push(links.Count < LongestChain
                ? await FindAsync(context, before, "previous_response_id")
                : throw OpenAiException.Wrong("previous_response_id", $"'previous_response_id' goes on from more than {LongestChain} responses: begin anew."));
        }

        var messages = ImmutableArray.CreateBuilder<ChatMessage>();
        foreach (var link in links)
        {
            messages.AddRange(ResponseItems.Messages(JsonNode.Parse(link.Input)!.AsArray(), "input").Messages);
            messages.AddRange(ResponseItems.Messages(JsonNode.Parse(link.Json)!["output"]!.AsArray(), "output").Messages);
        }

        return messages.ToImmutable();
    }

    private string OwnerOf(HttpContext context) => context.Features.Get<ApiKey>()?.Principal ?? options.Security.LocalPrincipal;

    private IStoredResponseGrain Grain(string id) => client.Grains.GetGrain<IStoredResponseGrain>(id);
}
