namespace LLMOS.Inference.Templates.Values;

/// <summary>The one value whose attributes a template may set, and so carry out of a loop.</summary>
internal sealed class NamespaceValue : Value
{
    public Dictionary<string, Value> Attributes { get; } = new(StringComparer.Ordinal);

    public override string Kind => "namespace";
}
