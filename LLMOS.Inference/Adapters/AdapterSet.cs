namespace LLMOS.Inference.Adapters;

/// <summary>The adapters, with their scales, that a sequence is computed with. Equal ones of one engine are one object (<see cref="AdapterSets"/>).</summary>
internal sealed class AdapterSet
{
    private readonly AdapterUse[] _uses;

    /// <param name="key">The same for equal sets and for no others; empty for none.</param>
    /// <param name="uses">In the order of the key.</param>
    public AdapterSet(string key, AdapterUse[] uses)
    {
        Key = key;
        _uses = uses;
        Handles = [.. uses.Select(use => use.Adapter.Handle)];
        Scales = [.. uses.Select(use => use.Scale)];
    }

    public string Key { get; }

    public nint[] Handles { get; }

    public float[] Scales { get; }

    /// <summary>Its number in the input of the step in which it was seen last. Belongs to the owner thread.</summary>
    public (long Step, int Number) Seen { get; set; } = (-1, 0);

    public override string ToString() => _uses.Length == 0 ? "none" : string.Join(", ", _uses.Select(use => $"{use.Adapter.Name} × {use.Scale}"));
}
