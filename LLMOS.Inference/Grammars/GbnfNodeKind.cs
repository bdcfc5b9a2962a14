namespace LLMOS.Inference.Grammars;

/// <summary>What a place in a compiled grammar does.</summary>
internal enum GbnfNodeKind
{
    /// <summary>Goes back to the place that called.</summary>
    Return,

    /// <summary>Takes one character.</summary>
    Character,

    /// <summary>Goes on at any of several places.</summary>
    Choice,

    /// <summary>Goes into a rule and on after it.</summary>
    Call,

    /// <summary>Goes into its body a number of times and on after it.</summary>
    Repeat,
}
