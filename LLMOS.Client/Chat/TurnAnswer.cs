using System.Text.Json;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Messaging;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>What a process's response says beside its text, as the last update of a chat.</summary>
internal static class TurnAnswer
{
    /// <summary>The name of the log-probabilities among the additional properties of an update.</summary>
    public const string LogProbabilities = "logprobs";

    /// <exception cref="LlmosException">A header of the response is damaged.</exception>
    public static ChatResponseUpdate Of(VmpMessage response)
    {
        var update = new ChatResponseUpdate { Role = ChatRole.Assistant, FinishReason = ChatFinishReason.Stop };
        if (response.Headers.TryGetValue(TurnHeaders.Calls, out var calls))
        {
            update.FinishReason = ChatFinishReason.ToolCalls;
            foreach (var call in TurnHeaders.ReadCalls(calls))
            {
                update.Contents.Add(FunctionCallContent.CreateFromParsedArguments(
                    call.Arguments, call.Id, call.Name, static json => JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions)));
            }
        }

        if (response.Headers.TryGetValue(TurnHeaders.Usage, out var usage))
        {
            var used = TurnHeaders.ReadUsage(usage);
            update.Contents.Add(new UsageContent(Details(used)));
            update.FinishReason = used.FinishReason switch
            {
                FinishReason.Length => ChatFinishReason.Length,
                FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
                _ => update.FinishReason,
            };
        }

        if (response.Headers.TryGetValue(TurnHeaders.Likelihoods, out var likelihoods))
        {
            update.AdditionalProperties = new AdditionalPropertiesDictionary { [LogProbabilities] = TurnHeaders.ReadLikelihoods(likelihoods) };
        }

        return update;
    }

    private static UsageDetails Details(InferenceUsage usage) => new()
    {
        InputTokenCount = usage.PromptTokens,
        CachedInputTokenCount = usage.CachedTokens,
        OutputTokenCount = usage.CompletionTokens,
        TotalTokenCount = usage.PromptTokens + usage.CompletionTokens,
        AdditionalCounts = new AdditionalPropertiesDictionary<long>
        {
            [ProcessChatClient.TimeToFirstToken] = usage.TimeToFirstToken.Ticks * TimeSpan.NanosecondsPerTick,
            [ProcessChatClient.EngineTime] = usage.EngineTime.Ticks * TimeSpan.NanosecondsPerTick,
        },
    };
}
