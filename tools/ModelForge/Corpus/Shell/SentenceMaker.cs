using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LLMOS.SystemInterface.Syscalls;

namespace ModelForge.Corpus.Shell;

/// <summary>Makes sentences out of expansions of templates.</summary>
internal sealed class SentenceMaker(SlotValues values)
{
    private static readonly string[] QuotedSlots = ["text", "pattern", "purpose", "query", "name", "region", "path", "role"];

    /// <summary>A sentence with values in its slots; an empty one when noise has left no word.</summary>
    /// <param name="template">What it asks for.</param>
    /// <param name="expansion">Its words.</param>
    /// <param name="random">Where the values come from.</param>
    /// <param name="noisy">Whether people may have been at it.</param>
    public ShellSentence Make(Template template, IReadOnlyList<TemplateNode> expansion, CorpusRandom random, bool noisy)
    {
        var slots = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        for (var i = 0; i < expansion.Count; i++)
        {
            if (expansion[i] is TemplateNode.Words { Text: var words })
            {
                text.Append(noisy ? Noise.Disturb(words, values.Unknown, random) : words);
                continue;
            }

            var name = ((TemplateNode.Slot)expansion[i]).Name;
            if (!slots.TryGetValue(name, out var value))
                slots[name] = value = values.Make(name, random);
            AppendValue(text, name, value, i + 1 < expansion.Count && expansion[i + 1] is TemplateNode.Words { Text: ['"' or '\'', ..] }, random);
        }

        var sentence = Article(Collapse(text.ToString()), slots, random);
        if (sentence.Length == 0)
            return new ShellSentence("", [], null);
        if (noisy && template.Calls.Count > 0)
        {
            var (before, after) = Noise.Courtesy(random);
            sentence = before + sentence + (char.IsPunctuation(sentence[^1]) || template.Calls.Any(call => call.Name is "send" or "broadcast") ? "" : after);
        }

        // A value that begins the sentence stays as it is: it could not be said as it was meant.
        var cased = Cased(sentence, random, noisy);
        sentence = expansion[0] is TemplateNode.Words || noisy ? cased : sentence;
        if (noisy)
            sentence += Noise.Ending(sentence, random);
        var answer = template.Answer;
        foreach (var (name, value) in slots)
            answer = answer?.Replace("{" + name + "}", value, StringComparison.Ordinal);
        return new ShellSentence(sentence, [.. template.Calls.Select(call => Call(call, slots))], answer);
    }

    /// <summary>A call with values in its slots.</summary>
    public static SyscallCall Call(TemplateCall call, IReadOnlyDictionary<string, string> slots)
    {
        var definition = SyscallCatalog.Find(call.Name)!;
        var arguments = ImmutableSortedDictionary.CreateBuilder<string, SyscallValue>(StringComparer.Ordinal);
        foreach (var (key, written) in call.Arguments)
        {
            var type = definition.Find(key)!.Type;
            arguments[key] = written.StartsWith('[') || type == SyscallArgumentType.Processes
                ? SyscallValue.Of(written.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries).Select(item => Value(item, type)))
                : Value(written, type);
        }

        return new SyscallCall(call.Name, arguments.ToImmutable());

        SyscallValue Value(string written, SyscallArgumentType type)
        {
            var value = written.StartsWith('{') ? slots[written.Trim('{', '}')] : written;
            if (type == SyscallArgumentType.Flag)
                return SyscallValue.Of(value == "true");
            return type is not (SyscallArgumentType.Text or SyscallArgumentType.Choice)
                && decimal.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? SyscallValue.Of(number)
                : SyscallValue.Of(value);
        }
    }

    private static void AppendValue(StringBuilder text, string slot, string value, bool quoteFollows, CorpusRandom random)
    {
        var kind = slot.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var chance = kind == "text" ? 0.35 : 0.08;
        var quote = QuotedSlots.Contains(kind) && !quoteFollows && (text.Length == 0 || text[^1] is ' ') && random.Chance(chance)
            ? random.Pick(["\"\"", "\"\"", "''", "“”"])
            : null;
        if (quote is null)
            text.Append(value);
        else
            text.Append(quote[0]).Append(value).Append(quote[1]);
    }

    /// <summary>Templates say "a": the word before a value that begins with a vowel is made to fit, mostly.</summary>
    private static string Article(string sentence, Dictionary<string, string> slots, CorpusRandom random)
    {
        foreach (var (slot, value) in slots)
        {
            if (!slot.StartsWith("role", StringComparison.Ordinal) || random.Chance(0.05))
                continue;
            var right = "aeiou".Contains(char.ToLowerInvariant(value[0]), StringComparison.Ordinal) ? " an " : " a ";
            sentence = sentence.Replace(" a " + value, right + value, StringComparison.Ordinal).Replace(" an " + value, right + value, StringComparison.Ordinal);
        }

        return sentence;
    }

    private static string Cased(string sentence, CorpusRandom random, bool noisy)
    {
        if (sentence.Length == 0 || !char.IsLetter(sentence[0]))
            return sentence;
        return random.Chance(noisy ? 0.4 : 0.2) && char.IsLower(sentence[0]) ? char.ToUpperInvariant(sentence[0]) + sentence[1..] : sentence;
    }

    private static string Collapse(string text)
    {
        var collapsed = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var mark in (string[])[",", ".", "?", "!"])
            collapsed = collapsed.Replace(" " + mark + " ", mark + " ", StringComparison.Ordinal);
        return collapsed.TrimStart(',', ' ');
    }
}
