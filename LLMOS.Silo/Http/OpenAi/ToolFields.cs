using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Reads functions that a model may call.</summary>
internal static class ToolFields
{
    /// <summary>A function of an object with <c>name</c>, <c>description</c> and <c>parameters</c>.</summary>
    public static AIFunctionDeclaration Declaration(JsonFields function) => AIFunctionFactory.CreateDeclaration(
        function.NeededText("name"), function.Text("description") ?? "", function.Object("parameters")?.Json ?? JsonElement.Parse("""{"type":"object","properties":{}}"""));

    /// <summary>Which function is to be called.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="names">The functions that it has.</param>
    /// <param name="nameOf">The name in a choice of one function.</param>
    /// <exception cref="OpenAiException">It is no choice, or wants what is not there.</exception>
    public static ChatToolMode? Choice(JsonFields fields, HashSet<string> names, Func<JsonFields, string> nameOf)
    {
        if (fields.Get("tool_choice") is not { } choice)
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.Object)
        {
            var name = nameOf(fields.NeededObject("tool_choice"));
            return names.Contains(name)
                ? ChatToolMode.RequireSpecific(name)
                : throw OpenAiException.Wrong("tool_choice", $"'tool_choice' wants the function '{name}', which is not among 'tools'.");
        }

        return (choice.ValueKind == JsonValueKind.String ? choice.GetString() : null) switch
        {
            "auto" => ChatToolMode.Auto,
            "none" => ChatToolMode.None,
            "required" when names.Count == 0 => throw OpenAiException.Wrong("tool_choice", "'tool_choice' is 'required' and there are no 'tools'."),
            "required" => ChatToolMode.RequireAny,
            _ => throw fields.Wrong("tool_choice", choice, "auto, none, required or a function"),
        };
    }

    /// <summary>The arguments of a call, which travel as a text.</summary>
    /// <exception cref="OpenAiException">They are no JSON object.</exception>
    public static Dictionary<string, object?> Arguments(JsonFields function)
    {
        var text = function.Text("arguments") ?? "";
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(text.Length == 0 ? "{}" : text) ?? [];
        }
        catch (JsonException)
        {
            throw OpenAiException.Wrong(function.NameOf("arguments"), $"'{function.NameOf("arguments")}' is no JSON object.");
        }
    }
}
