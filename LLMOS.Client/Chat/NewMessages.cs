using System.Collections.Immutable;
using System.Text.Json;
using LLMOS.Cognition.Inference;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Chat;

/// <summary>What of a chat's messages a process has not got yet: it keeps the conversation itself.</summary>
/// <param name="Text">What is said, the texts of several messages as paragraphs; the results of functions among them, for people to read.</param>
/// <param name="Results">The results of functions, and what is said besides; null for none.</param>
internal sealed record NewMessages(string Text, ToolResults? Results)
{
    // Each space would be a token of the prompt.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>The messages after the last one of the assistant.</summary>
    /// <exception cref="LlmosException">There are none, or one is neither text nor the result of a function.</exception>
    public static NewMessages Of(IEnumerable<ChatMessage> messages)
    {
        var fresh = new List<ChatMessage>();
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Assistant)
            {
                fresh.Clear();
            }
            else
            {
                fresh.Add(message);
            }
        }

        var results = ImmutableArray.CreateBuilder<ToolResult>();
        foreach (var content in fresh.SelectMany(message => message.Contents))
        {
            if (content is FunctionResultContent result)
            {
                results.Add(new ToolResult(result.CallId, TextOf(result)));
            }
            else if (content is not (TextContent or UsageContent))
            {
                throw LlmosException.InvalidArgument($"A process reads text; {content.GetType().Name} cannot be sent to it: put it into words.");
            }
        }

        var text = string.Join("\n\n", fresh.Select(message => message.Text).Where(part => !string.IsNullOrWhiteSpace(part)));
        if (results.Count > 0)
        {
            return new NewMessages(string.Join("\n\n", [.. results.Select(result => result.Text), text]).Trim(), new ToolResults(results.ToImmutable(), text));
        }

        return text.Length > 0
            ? new NewMessages(text, Results: null)
            : throw LlmosException.InvalidArgument("There is nothing to send: add a message with text after the assistant's last one.");
    }

    public static string TextOf(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is { } failure ? $"Error: {failure.Message}" : "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        var value => JsonSerializer.Serialize(value, Compact),
    };
}
