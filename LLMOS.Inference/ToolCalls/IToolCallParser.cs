namespace LLMOS.Inference;

/// <summary>
/// Takes an assistant's output apart while it comes: content, thoughts and calls of functions. What is malformed is content; nothing is an error.
/// </summary>
public interface IToolCallParser
{
    /// <summary>Takes more output, control tokens spelled out, and gives what is certain by now.</summary>
    IReadOnlyList<ChatDelta> Append(string text);

    /// <summary>Gives the rest, when no more output comes.</summary>
    IReadOnlyList<ChatDelta> Finish();
}
