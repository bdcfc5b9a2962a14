namespace LLMOS.Silo.Http.Live;

/// <summary>
/// How far back to ask silos for what their engines did, so that nothing is missed: to the answer before, of the silo that has been silent for the longest. On a
/// busy machine an answer comes late, or not at all.
/// </summary>
/// <param name="longest">What is older is not asked for, and a silo that is silent for so long is gone.</param>
/// <param name="margin">Asked for beyond: what was going on at the answer before.</param>
/// <param name="time">The clock.</param>
internal sealed class LookBack(TimeSpan longest, TimeSpan margin, TimeProvider time)
{
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);

    /// <summary>How far back to ask now; everything where nobody has answered yet.</summary>
    public TimeSpan Next()
    {
        foreach (var gone in _heard.Where(silo => time.GetElapsedTime(silo.Value) > longest).Select(silo => silo.Key).ToArray())
        {
            _heard.Remove(gone);
        }

        var silent = _heard.Count == 0 ? longest : _heard.Values.Max(at => time.GetElapsedTime(at)) + margin;
        return silent < longest ? silent : longest;
    }

    /// <summary>Takes down who has answered.</summary>
    /// <param name="silos">The silos, each as often as it likes.</param>
    /// <param name="asked">When they were asked, as a timestamp.</param>
    public void Heard(IEnumerable<string> silos, long asked)
    {
        foreach (var silo in silos)
        {
            _heard[silo] = asked;
        }
    }
}
