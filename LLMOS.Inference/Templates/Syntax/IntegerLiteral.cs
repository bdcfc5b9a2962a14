namespace LLMOS.Inference.Templates.Syntax;

/// <summary>Reads whole numbers: <c>12</c>, <c>0x1f</c>, <c>0o17</c>, <c>0b101</c>.</summary>
internal static class IntegerLiteral
{
    private const int LongestShown = 50;

    /// <exception cref="ChatTemplateException">It is no number, or one of more than 127 bits.</exception>
    public static Int128 Parse(TemplateToken token)
    {
        var text = token.Text;
        var radix = text.Length > 1 && text[0] == '0' ? char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 } : 10;
        Int128 number = 0;
        var digits = radix == 10 ? text : text[2..];
        try
        {
            foreach (var character in digits)
            {
                var digit = char.IsAsciiHexDigit(character) ? Convert.ToInt32(character.ToString(), 16) : radix;
                if (digit >= radix)
                    throw new ChatTemplateException(token.Position, $"'{text}' is no number");
                number = checked((number * radix) + digit);
            }
        }
        catch (OverflowException)
        {
            throw new ChatTemplateException(token.Position, $"the number {(text.Length > LongestShown ? text[..LongestShown] + "…" : text)} is too large");
        }
        return digits.Length > 0 ? number : throw new ChatTemplateException(token.Position, $"'{text}' is no number");
    }
}
