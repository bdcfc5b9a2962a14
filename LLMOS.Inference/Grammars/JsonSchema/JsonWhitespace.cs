namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Where a grammar lets white space stand between the parts of JSON.</summary>
public enum JsonWhitespace
{
    /// <summary>Nowhere: <c>{"a":1,"b":[2,3]}</c>.</summary>
    Compact,

    /// <summary>One space after each colon and comma: <c>{"a": 1, "b": [2, 3]}</c>.</summary>
    Spaced,

    /// <summary>Up to eight characters wherever JSON allows it between two parts. Leaves a model more to choose, and a grammar less to force.</summary>
    Free,
}
