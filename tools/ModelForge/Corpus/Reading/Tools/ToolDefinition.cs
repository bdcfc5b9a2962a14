using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Inference;

namespace ModelForge.Corpus.Reading.Tools;

/// <summary>A tool as the model is told of it.</summary>
/// <param name="Name">Its name, as in <c>book_room</c>.</param>
/// <param name="Description">What it does, in a sentence that uses its words.</param>
/// <param name="Parameters">In the order in which a call names them; a call leaves out what the request does not say.</param>
public sealed record ToolDefinition(string Name, string Description, IReadOnlyList<ToolParameter> Parameters)
{
    /// <summary>The tools as the JSON list of the prompt.</summary>
    public static string ListOf(IReadOnlyList<ToolDefinition> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        var list = new StringBuilder("[");
        foreach (var tool in tools)
        {
            list.Append(list.Length > 1 ? "," : "").Append("{\"name\":\"").Append(Escape(tool.Name)).Append("\",\"description\":\"").Append(Escape(tool.Description));
            list.Append("\",\"parameters\":{");
            list.AppendJoin(',', tool.Parameters.Select(parameter => $"\"{Escape(parameter.Name)}\":\"{Escape(parameter.Type)}\""));
            list.Append("}}");
        }
        return list.Append(']').ToString();
    }

    /// <summary>The tool as a caller of the engine declares it.</summary>
    public ChatTool ToChatTool()
    {
        var properties = new JsonObject();
        foreach (var parameter in Parameters)
            properties[parameter.Name] = new JsonObject { ["type"] = parameter.Type };
        return new ChatTool(Name, Description, new JsonObject { ["type"] = "object", ["properties"] = properties }.ToJsonString());
    }

    internal static string Escape(string text) => JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
