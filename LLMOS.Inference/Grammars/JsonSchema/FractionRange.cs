namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>What may follow the whole part of a number: nothing, or a point and digits between two fractions.</summary>
/// <param name="low">The digits of the least fraction, without zeros at their end.</param>
/// <param name="isLowExclusive">Whether that one is left out.</param>
/// <param name="high">The digits of the largest fraction; null for any up to the next whole number.</param>
/// <param name="isHighExclusive">Whether that one is left out.</param>
/// <param name="length">Most digits.</param>
internal sealed class FractionRange(string low, bool isLowExclusive, string? high, bool isHighExclusive, int length)
{
    /// <returns>Null when nothing may follow, not even the end.</returns>
    public string? Expression()
    {
        var digits = Digits(0, onLow: true, onHigh: high is not null);
        if (digits is null)
            return MayEnd(0, onLow: true, onHigh: high is not null) ? "" : null;
        var fraction = $"\".\" {GbnfText.Item(digits)}";
        return MayEnd(0, onLow: true, onHigh: high is not null) ? $"({fraction})?" : fraction;
    }

    /// <summary>Whether the digits so far, with zeros after them, are in the range.</summary>
    /// <param name="at">How many digits there are.</param>
    /// <param name="onLow">Whether they are those of the least fraction.</param>
    /// <param name="onHigh">Whether they are those of the largest.</param>
    private bool MayEnd(int at, bool onLow, bool onHigh) =>
        (!onLow || (at >= low.Length && !isLowExclusive)) && (!onHigh || at < high!.Length || !isHighExclusive);

    /// <summary>One digit or more from here.</summary>
    /// <returns>Null when there is none that stays in the range.</returns>
    private string? Digits(int at, bool onLow, bool onHigh)
    {
        if (at == length)
            return null;
        // Past its digits a bound goes on with zeros, and any digits are at least those.
        if (onLow && at >= low.Length && !isLowExclusive)
            onLow = false;
        if (!onLow && !onHigh)
            return GbnfText.Repeat(DigitRange.Digit, 1, length - at);
        var first = onLow && at < low.Length ? low[at] : '0';
        var last = !onHigh ? '9' : at < high!.Length ? high[at] : '0';
        var alternatives = new List<string?>();
        if (onLow && onHigh && first == last)
        {
            alternatives.Add(Then(first, at, onLow: true, onHigh: true));
        }
        else if (first <= last)
        {
            if (onLow)
                alternatives.Add(Then(first++, at, onLow: true, onHigh: false));
            var highest = last;
            if (onHigh)
                last--;
            if (first <= last)
                alternatives.Add(GbnfText.Sequence(DigitRange.Digits(first, last), GbnfText.Repeat(DigitRange.Digit, 0, length - at - 1)));
            if (onHigh)
                alternatives.Add(Then(highest, at, onLow: false, onHigh: true));
        }
        return alternatives.OfType<string>().ToList() is { Count: > 0 } some ? GbnfText.Alternatives(some) : null;
    }

    private string? Then(char digit, int at, bool onLow, bool onHigh)
    {
        var more = Digits(at + 1, onLow, onHigh);
        var mayEnd = MayEnd(at + 1, onLow, onHigh);
        if (more is null)
            return mayEnd ? $"\"{digit}\"" : null;
        return $"\"{digit}\" {GbnfText.Item(more)}{(mayEnd ? "?" : "")}";
    }
}
