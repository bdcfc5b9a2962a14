namespace LLMOS.Kernel.Resources;

/// <summary>
/// Who was refused by an account and asks again, oldest first. Without it many small requests could take all that is given
/// back before a large one finds room.
/// </summary>
public sealed class WaitingLine
{
    /// <summary>Who has not asked again for so long does not wait any more; those that wait ask more often.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(7);

    private readonly List<(string Holder, long Least, DateTimeOffset AskedAt)> _line = [];

    /// <summary>Notes that a holder asked for tokens and did not get them; it keeps its place.</summary>
    public void Refused(string holder, long least, DateTimeOffset now)
    {
        var place = _line.FindIndex(waiting => waiting.Holder == holder);
        if (place < 0)
        {
            _line.Add((holder, least, now));
        }
        else
        {
            _line[place] = (holder, least, now);
        }
    }

    /// <summary>Takes a holder out of the line: it got what it asked for, or asks no more.</summary>
    public void Leave(string holder) => _line.RemoveAll(waiting => waiting.Holder == holder);

    /// <summary>The tokens that the first of the line waits for, if that is another holder; 0 when it is not.</summary>
    public long ClaimedBefore(string holder, DateTimeOffset now)
    {
        // Either way: one that asked ahead of now did so before the clock was set back.
        _line.RemoveAll(waiting => (now - waiting.AskedAt).Duration() > Patience);
        return _line.Count > 0 && _line[0].Holder != holder ? _line[0].Least : 0;
    }
}
