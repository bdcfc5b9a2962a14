namespace LLMOS.Inference.Models;

/// <summary>The flags of <c>llama_token_attr</c> that decide how a text is cut at special tokens.</summary>
[Flags]
internal enum TokenAttributes
{
    None = 0,
    Unknown = 1 << 0,
    Control = 1 << 3,
    UserDefined = 1 << 4,
    Byte = 1 << 5,

    /// <summary>White space to the left of it goes.</summary>
    StripsLeft = 1 << 7,

    /// <summary>White space to the right of it goes.</summary>
    StripsRight = 1 << 8,
}
