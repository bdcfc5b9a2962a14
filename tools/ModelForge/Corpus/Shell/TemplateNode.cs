namespace ModelForge.Corpus.Shell;

/// <summary>A part of a pattern.</summary>
internal abstract record TemplateNode
{
    /// <summary>Text as it is.</summary>
    public sealed record Words(string Text) : TemplateNode;

    /// <summary>A value, named by its slot.</summary>
    public sealed record Slot(string Name) : TemplateNode;

    /// <summary>One of several.</summary>
    public sealed record Choice(IReadOnlyList<TemplateNode> Options) : TemplateNode;

    /// <summary>One after the other.</summary>
    public sealed record Sequence(IReadOnlyList<TemplateNode> Parts) : TemplateNode;
}
