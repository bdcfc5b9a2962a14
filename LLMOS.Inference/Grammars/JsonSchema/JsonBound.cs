namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>The least or the largest number.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsExclusive">Whether the number itself is left out.</param>
internal sealed record JsonBound(ExactDecimal Value, bool IsExclusive)
{
    /// <summary>The least integer that is allowed, when this is a lower bound.</summary>
    public System.Numerics.BigInteger LeastInteger => IsExclusive && Value.IsInteger ? Value.Floor + 1 : Value.Ceiling;

    /// <summary>The largest integer that is allowed, when this is an upper bound.</summary>
    public System.Numerics.BigInteger LargestInteger => IsExclusive && Value.IsInteger ? Value.Floor - 1 : Value.Floor;

    /// <summary>The stricter of two lower bounds; null is none.</summary>
    public static JsonBound? Higher(JsonBound? a, JsonBound? b) =>
        a is null || b is null ? a ?? b : a.Value.CompareTo(b.Value) is var order && order != 0 ? (order > 0 ? a : b) : a.IsExclusive ? a : b;

    /// <summary>The stricter of two upper bounds; null is none.</summary>
    public static JsonBound? Lower(JsonBound? a, JsonBound? b) =>
        a is null || b is null ? a ?? b : a.Value.CompareTo(b.Value) is var order && order != 0 ? (order < 0 ? a : b) : a.IsExclusive ? a : b;
}
