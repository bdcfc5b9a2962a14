using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator.Devices;

/// <summary>The shared prefixes whose KV a device has, the last used first.</summary>
/// <param name="capacity">Tokens.</param>
internal sealed class PrefixCache(int capacity)
{
    private readonly List<(int Prefix, int Tokens)> _kept = [];
    private int _tokens;

    /// <summary>Tokens of a request's prompt that need no computing.</summary>
    public int CachedOf(in TraceRequest request)
    {
        foreach (var (prefix, tokens) in _kept)
        {
            if (prefix == request.Prefix)
                return Math.Min(tokens, request.PrefixTokens);
        }
        return 0;
    }

    /// <summary>A request's prefix was computed or used.</summary>
    public void Use(in TraceRequest request)
    {
        if (request.Prefix == TraceRequest.NoPrefix || request.PrefixTokens > capacity)
            return;
        var tokens = request.PrefixTokens;
        for (var i = 0; i < _kept.Count; i++)
        {
            if (_kept[i].Prefix != request.Prefix)
                continue;
            tokens = Math.Max(tokens, _kept[i].Tokens);
            _tokens -= _kept[i].Tokens;
            _kept.RemoveAt(i);
            break;
        }
        _kept.Insert(0, (request.Prefix, tokens));
        _tokens += tokens;
        while (_tokens > capacity)
        {
            _tokens -= _kept[^1].Tokens;
            _kept.RemoveAt(_kept.Count - 1);
        }
    }
}
