using System.Buffers;
using System.Text;

namespace LLMOS.Inference.Models;

/// <summary>
/// Cuts prompts at special tokens as llama.cpp does, the longest first, but finds a control token only where the template spells all of it.
/// A user-defined token is text of the model's own making and is found anywhere, as llama.cpp finds it even in plain text.
/// </summary>
internal sealed class SpecialTokens
{
    private readonly Special[] _tokens;
    private readonly Dictionary<char, List<int>> _byFirst = [];
    private readonly SearchValues<char> _firsts;

    public SpecialTokens(LlamaVocabulary vocabulary)
    {
        var tokens = new List<Special>();
        for (var token = 0; token < vocabulary.Size && vocabulary.Exists; token++)
        {
            var attributes = vocabulary.Attributes(token);
            if ((attributes & (TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown)) != 0 && vocabulary.Text(token) is { Length: > 0 } text)
                tokens.Add(new Special(token, text, attributes));
        }
        _tokens = [.. tokens.OrderByDescending(token => Encoding.UTF8.GetByteCount(token.Text))];
        for (var i = 0; i < _tokens.Length; i++)
        {
            if (!_byFirst.TryGetValue(_tokens[i].Text[0], out var same))
                _byFirst[_tokens[i].Text[0]] = same = [];
            same.Add(i);
        }
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>A prompt's special tokens, and the texts between them, in order.</summary>
    public IEnumerable<(string? Text, int Token)> Cut(RenderedPrompt prompt)
    {
        var text = prompt.Text;
        var at = 0;
        foreach (var found in Choose(text, FindAll(text, DataOf(prompt))))
        {
            if (found.Begin > at)
                yield return (text[at..found.Begin], -1);
            yield return (null, found.Token);
            at = found.End;
        }
        if (at < text.Length)
            yield return (text[at..], -1);
    }

    private static List<(int Begin, int End)> DataOf(RenderedPrompt prompt)
    {
        var (data, at) = (new List<(int, int)>(), 0);
        foreach (var segment in prompt.Segments)
        {
            if (segment.IsData)
                data.Add((at, at + segment.Text.Length));
            at += segment.Text.Length;
        }
        return data;
    }

    /// <summary>Where each special token is spelled and may stand, the longest tokens first.</summary>
    private IEnumerable<(int Special, int At)> FindAll(string text, List<(int Begin, int End)> data)
    {
        var places = new List<(int Special, int At)>();
        var segment = 0;
        for (var at = text.AsSpan().IndexOfAny(_firsts); at >= 0 && at < text.Length;)
        {
            while (segment < data.Count && data[segment].End <= at)
                segment++;
            foreach (var special in _byFirst[text[at]])
            {
                var token = _tokens[special];
                if (string.CompareOrdinal(text, at, token.Text, 0, token.Text.Length) == 0 && (token.IsText || segment == data.Count || data[segment].Begin >= at + token.Text.Length))
                    places.Add((special, at));
            }
            var next = text.AsSpan(at + 1).IndexOfAny(_firsts);
            at = next < 0 ? -1 : at + 1 + next;
        }
        return places.OrderBy(place => place.Special).ThenBy(place => place.At);
    }

    private List<(int Begin, int End, int Token)> Choose(string text, IEnumerable<(int Special, int At)> places)
    {
        var taken = new bool[text.Length];
        var chosen = new List<(int Begin, int End, int Token)>();
        foreach (var (special, at) in places)
        {
            var token = _tokens[special];
            var (begin, end) = (at, at + token.Text.Length);
            if (taken.AsSpan(begin, end - begin).Contains(true))
                continue;
            while (token.Attributes.HasFlag(TokenAttributes.StripsLeft) && begin > 0 && !taken[begin - 1] && IsSpace(text[begin - 1]))
                begin--;
            while (token.Attributes.HasFlag(TokenAttributes.StripsRight) && end < text.Length && !taken[end] && IsSpace(text[end]))
                end++;
            taken.AsSpan(begin, end - begin).Fill(true);
            chosen.Add((begin, end, token.Token));
        }
        chosen.Sort((left, right) => left.Begin.CompareTo(right.Begin));
        return chosen;
    }

    private static bool IsSpace(char character) => character is ' ' or (>= '\t' and <= '\r');

    private readonly record struct Special(int Token, string Text, TokenAttributes Attributes)
    {
        /// <summary>Whether it is found in plain text too.</summary>
        public bool IsText => (Attributes & (TokenAttributes.Control | TokenAttributes.Unknown)) == 0;
    }
}
