namespace LLMOS.Inference;

/// <summary>A piece of what an assistant answers, as its text comes.</summary>
public abstract record ChatDelta
{
    private ChatDelta()
    {
    }

    /// <summary>More of the answer.</summary>
    public sealed record Content(string Text) : ChatDelta;

    /// <summary>More of the thoughts before the answer.</summary>
    public sealed record Reasoning(string Text) : ChatDelta;

    /// <summary>A function is called; its arguments follow.</summary>
    /// <param name="Index">The number of the call, from 0.</param>
    /// <param name="Id">What the result refers to it by: the model's own, else nine letters and digits.</param>
    /// <param name="Name">The function.</param>
    public sealed record ToolCallStarted(int Index, string Id, string Name) : ChatDelta;

    /// <summary>More of a call's arguments; all of them together are a JSON object.</summary>
    public sealed record ToolCallArguments(int Index, string Json) : ChatDelta;

    /// <summary>A call is complete.</summary>
    public sealed record ToolCallEnded(int Index) : ChatDelta;

    /// <summary>A call that was started turned out to be malformed and is none; its text follows as content.</summary>
    public sealed record ToolCallWithdrawn(int Index) : ChatDelta;
}
