namespace LLMOS.Inference.Templates.Values;

/// <summary>A dict in the order of its keys' coming. Nothing changes it once it is filled.</summary>
internal sealed class MapValue : Value
{
    private readonly OrderedDictionary<Value, Value> _items = new(HashableComparer.Instance);

    public OrderedDictionary<Value, Value> Items => _items;

    public override string Kind => "dict";

    public override bool IsTrue => _items.Count > 0;

    /// <exception cref="Evaluation.TemplateFault">The key is a list or a dict.</exception>
    public void Set(Value key, Value value)
    {
        HashableComparer.RequireHashable(key);
        _items[key] = value;
    }

    public void Set(string key, Value value) => _items[TextValue.OfTemplate(key)] = value;

    public Value? Find(Value key) => HashableComparer.IsHashable(key) ? _items.GetValueOrDefault(key) : null;

    public Value? Find(string key) => _items.GetValueOrDefault(TextValue.OfTemplate(key));
}
