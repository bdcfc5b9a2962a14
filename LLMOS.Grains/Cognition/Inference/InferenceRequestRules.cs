using System.Text.Json;

namespace LLMOS.Cognition.Inference;

/// <summary>What a request must be, whichever engine runs it.</summary>
public static class InferenceRequestRules
{
    /// <summary>Most functions of one request.</summary>
    public const int MaxTools = 128;

    private const int MaxToolName = 64;

    /// <exception cref="LlmosException">The request is wrong; the message says what and how to right it.</exception>
    public static void Validate(InferenceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Messages.IsDefaultOrEmpty || request.Messages.All(message => string.IsNullOrWhiteSpace(message.Text)))
        {
            throw LlmosException.InvalidArgument("The prompt is empty: give the model something to answer.");
        }

        if (request.MaxTokens <= 0)
        {
            throw LlmosException.InvalidArgument($"The limit of {request.MaxTokens} tokens lets nothing be generated: use 1 or more.");
        }

        Require(!(request.Sampling.Grammar.Length > 0 && request.Sampling.JsonSchema.Length > 0), "The request has a grammar and a JSON schema: give one of them.");
        Require(!request.IsRaw || request.Tools.IsEmpty, "The prompt is to be gone on with as it stands, and has no place for functions: ask in a chat, or leave them out.");
        ValidateTools(request);
    }

    private static void ValidateTools(InferenceRequest request)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Require(request.Tools.Length <= MaxTools, $"The request has {request.Tools.Length} functions: give at most {MaxTools}.");
        foreach (var tool in request.Tools)
        {
            Require(
                tool.Name is { Length: > 0 and <= MaxToolName } && tool.Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.'),
                $"'{tool.Name}' is no name of a function: use 1 to {MaxToolName} letters, digits, '_', '-' and '.'.");
            Require(names.Add(tool.Name), $"Two functions are called '{tool.Name}': give each a name of its own.");
            Require(tool.Parameters.Length == 0 || IsObject(tool.Parameters), $"The parameters of the function '{tool.Name}' are no JSON schema of an object: give one such as {{\"type\":\"object\",\"properties\":{{}}}}.");
        }

        Require(Enum.IsDefined(request.ToolChoice), $"The tool choice {(int)request.ToolChoice} does not exist: use Auto, None or Required.");
        if (request.ToolChoice != ToolChoice.Required)
        {
            Require(request.RequiredTool.Length == 0, $"The function '{request.RequiredTool}' is named beside the tool choice {request.ToolChoice}: use Required to have it called.");
            return;
        }

        Require(names.Count > 0, "A call of a function is required, but the request has no functions: add them, or let the model answer.");
        Require(
            request.RequiredTool.Length == 0 || names.Contains(request.RequiredTool),
            $"A call of '{request.RequiredTool}' is required, which the request does not have: name one of {string.Join(", ", names)}.");
        Require(
            request.Sampling is { Grammar.Length: 0, JsonSchema.Length: 0 },
            "A call of a function is required beside a grammar or a JSON schema for the text, and the text cannot follow both: leave one out.");
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw LlmosException.InvalidArgument(sentence);
        }
    }
}
