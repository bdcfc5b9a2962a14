namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>The classes of characters that ECMA-262 gives a letter.</summary>
internal static class PatternClasses
{
    private static readonly CodePointSet Digits = CodePointSet.Of([('0', '9')]);
    private static readonly CodePointSet Words = CodePointSet.Of([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
    private static readonly CodePointSet Spaces = CodePointSet.Of("\t\n\v\f\r \u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF").Union(CodePointSet.Of([(0x2000, 0x200A)]));

    /// <summary>What a point stands for: all but the ends of lines.</summary>
    public static CodePointSet Dot { get; } = CodePointSet.Of("\n\r\u2028\u2029").Complement();

    /// <returns>Null when the letter names no class.</returns>
    public static CodePointSet? Named(char letter) => letter switch
    {
        'd' => Digits,
        'D' => Digits.Complement(),
        'w' => Words,
        'W' => Words.Complement(),
        's' => Spaces,
        'S' => Spaces.Complement(),
        _ => null,
    };
}
