namespace LLMOS.Inference;

/// <summary>A chat as a model's template renders it, which knows what of it the template wrote and what the chat.</summary>
public sealed class RenderedPrompt
{
    /// <param name="segments">Its text in order.</param>
    public RenderedPrompt(IReadOnlyList<PromptSegment> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        Segments = segments;
        Text = string.Concat(segments.Select(segment => segment.Text));
    }

    /// <summary>All of its text.</summary>
    public string Text { get; }

    /// <summary>The text in stretches of one origin.</summary>
    public IReadOnlyList<PromptSegment> Segments { get; }

    public override string ToString() => Text;
}
