using LLMOS.Inference.Templates.Evaluation;

namespace LLMOS.Inference.Templates.Values;

/// <summary>Compares keys as Python does: 1, 1.0 and true are one key, and where a text comes from plays no part.</summary>
internal sealed class HashableComparer : IEqualityComparer<Value>
{
    public static HashableComparer Instance { get; } = new();

    public static bool IsHashable(Value value) => value switch
    {
        TextValue or IntegerValue or FloatValue or BooleanValue or NoneValue or UndefinedValue => true,
        ListValue { IsTuple: true } tuple => tuple.Items.All(item => item is not ListValue && IsHashable(item)),
        _ => false,
    };

    /// <exception cref="TemplateFault">It is none of those.</exception>
    public static void RequireHashable(Value value)
    {
        if (!IsHashable(value))
            throw new TemplateFault($"a {value.Kind} cannot be a dict's key");
    }

    public bool Equals(Value? x, Value? y) => (x, y) switch
    {
        (TextValue left, TextValue right) => left.Text == right.Text,
        (NoneValue, NoneValue) or (UndefinedValue, UndefinedValue) => true,
        (ListValue left, ListValue right) => left.Items.SequenceEqual(right.Items, this),
        _ => x is not null && y is not null && Numbers.TryCompare(x, y, out var order) && order == 0,
    };

    public int GetHashCode(Value value) => value switch
    {
        TextValue text => text.Text.GetHashCode(StringComparison.Ordinal),
        ListValue list => list.Items.Aggregate(list.Items.Count, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
        _ => Numbers.TryGetDouble(value, out var number) ? number.GetHashCode() : 0,
    };
}
