namespace LLMOS.Inference.Gguf;

/// <summary>One metadata value.</summary>
/// <param name="Type">Its type in the file.</param>
/// <param name="Content">
/// The value as the .NET type of <paramref name="Type"/>; null for an array, and for a string too long to be kept.
/// </param>
/// <param name="ElementType">The type of an array's elements, null for anything else.</param>
/// <param name="Count">How many elements an array has; 1 for anything else.</param>
public sealed record GgufValue(GgufValueType Type, object? Content, GgufValueType? ElementType = null, long Count = 1)
{
    /// <summary>The value as text, or null when it is none.</summary>
    public string? Text => Content as string;

    /// <summary>The value as a whole number, or null when it is none or does not fit.</summary>
    public long? WholeNumber => Content switch
    {
        byte value => value,
        sbyte value => value,
        ushort value => value,
        short value => value,
        uint value => value,
        int value => value,
        long value => value,
        ulong value and <= long.MaxValue => (long)value,
        _ => null,
    };
}
