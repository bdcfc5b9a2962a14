namespace LLMOS.Inference.ToolCalls;

/// <summary>What a call's parts are called in JSON.</summary>
internal sealed record JsonCallKeys(string[] Name, string[] Arguments, string[] Id)
{
    public static JsonCallKeys Default { get; } = new(["name", "tool_name"], ["arguments", "parameters"], ["id", "tool_call_id"]);
}
