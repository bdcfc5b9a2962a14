namespace LLMOS.Inference.Templates.Values;

/// <summary>A list or a tuple. Nothing changes it once it is made, so none can contain itself.</summary>
internal sealed class ListValue(IReadOnlyList<Value> items, bool isTuple = false) : Value
{
    public static ListValue Empty { get; } = new([]);

    public IReadOnlyList<Value> Items => items;

    public bool IsTuple => isTuple;

    public override string Kind => isTuple ? "tuple" : "list";

    public override bool IsTrue => items.Count > 0;
}
