namespace ModelForge.Tokenization;

/// <summary>A part of a text: one special token, or ordinary text when <paramref name="Token"/> is negative.</summary>
internal readonly record struct TextPart(int Start, int Length, int Token)
{
    public const int Text = -1;
}
