using System.Text;

namespace ModelForge.Corpus.Reading.Tools;

/// <summary>A request, the tools there are, and the call that it asks for.</summary>
/// <param name="Tools">The tools.</param>
/// <param name="Request">The request.</param>
/// <param name="Tool">The tool to call.</param>
/// <param name="Arguments">What the request says, a value for each parameter that it gives, in the tool's order.</param>
internal sealed record ToolCallCase(
    IReadOnlyList<ToolDefinition> Tools, string Request, ToolDefinition Tool, IReadOnlyList<(ToolParameter Parameter, string Value)> Arguments)
{
    public IReadOnlyList<DocumentMessage> Prompt => ReadingPrompts.ToolCall(Tools, Request);

    /// <summary>The call as the model writes it: strings begin with a space.</summary>
    public string Call
    {
        get
        {
            var call = new StringBuilder($"{{\"name\":\"{Tool.Name}\",\"arguments\":{{");
            call.AppendJoin(',', Arguments.Select(argument => argument.Parameter.Type == "string"
                ? $"\"{argument.Parameter.Name}\":\" {ToolDefinition.Escape(argument.Value)}\""
                : $"\"{argument.Parameter.Name}\":{argument.Value}"));
            return call.Append("}}").ToString();
        }
    }
}
