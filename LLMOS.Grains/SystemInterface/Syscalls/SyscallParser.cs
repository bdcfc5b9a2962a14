using System.Collections.Immutable;
using System.Globalization;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Reads what a model said under <see cref="SyscallGrammar"/>.</summary>
public static class SyscallParser
{
    /// <summary>Reads an answer.</summary>
    /// <param name="raw">What the model said.</param>
    /// <param name="sentence">What it was asked, as it was typed: text arguments are given back in its characters.</param>
    /// <returns>The calls, or an answer where there are none or an argument is missing or given twice.</returns>
    public static SyscallReply Parse(string raw, string sentence)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(sentence);
        var text = raw.Trim();
        if (!text.StartsWith('['))
            return new SyscallReply([], text.TrimStart('?').Trim() is { Length: > 0 } said ? said : NotUnderstood);
        var reader = new SyscallTextReader(text);
        if (reader.Read() is not { } calls)
            return new SyscallReply([], NotUnderstood);
        var original = new OriginalText(sentence);
        var read = ImmutableArray.CreateBuilder<SyscallCall>();
        foreach (var (name, arguments) in calls)
        {
            if (SyscallCatalog.Find(name) is not { } definition)
                return new SyscallReply([], NotUnderstood);
            var values = ImmutableSortedDictionary.CreateBuilder<string, SyscallValue>(StringComparer.Ordinal);
            foreach (var (key, value) in arguments)
            {
                if (definition.Parameters.All(parameter => parameter.Name != key) || !values.TryAdd(key, original.Restore(value)))
                    return new SyscallReply([], NotUnderstood);
            }

            if (definition.Parameters.FirstOrDefault(parameter => parameter.Required && !values.ContainsKey(parameter.Name)) is { } missing)
                return new SyscallReply([], $"To {name}, the {missing.Name} is missing.");
            read.Add(new SyscallCall(name, values.ToImmutable()));
        }

        return new SyscallReply(read.ToImmutable(), null);
    }

    private const string NotUnderstood = "I did not understand that.";

    /// <summary>The characters of a sentence as they were typed.</summary>
    private sealed class OriginalText
    {
        private readonly string _sentence;
        private readonly List<int> _places = [];
        private readonly string _normalised;
        private readonly HashSet<int> _starts = [];
        private readonly HashSet<int> _ends = [];
        private int _behind;

        public OriginalText(string sentence)
        {
            _sentence = sentence;
            _normalised = SyscallPrompt.Normalise(sentence, _places);
            foreach (var unit in SentenceUnit.Of(_normalised))
            {
                _starts.Add(unit.Start);
                _ends.Add(unit.Start + unit.Text.Length);
            }
        }

        public SyscallValue Restore(SyscallTextValue value)
        {
            if (value.Items is { } items)
                return SyscallValue.Of(items.Select(Restore));
            if (!value.Quoted)
                return value.Text == "true" ? SyscallValue.Of(true) : SyscallValue.Of(decimal.Parse(value.Text, CultureInfo.InvariantCulture));
            var words = value.Text.Trim();
            if (words.Length == 0 || Find(words) is not { } at)
                return SyscallValue.Of(words);
            _behind = at + words.Length;
            return SyscallValue.Of(_sentence[_places[at]..(_places[_behind - 1] + 1)]);
        }

        /// <summary>Where words stand that may be there more than once: behind those before them, as what is said follows the sentence.</summary>
        private int? Find(string words)
        {
            int? first = null;
            for (var at = 0; (at = _normalised.IndexOf(words, at, StringComparison.Ordinal)) >= 0; at++)
            {
                if (!_starts.Contains(at) || !_ends.Contains(at + words.Length))
                    continue;
                if (at >= _behind)
                    return at;
                first ??= at;
            }

            return first;
        }
    }
}
