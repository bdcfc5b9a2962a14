using System.Text;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>How a sentence is put to a model that answers with system calls.</summary>
public static class SyscallPrompt
{
    /// <summary>The system message: short, because every sentence pays for it.</summary>
    public const string System = "shell";

    /// <summary>Most characters of a sentence; a longer one would be a grammar that takes longer than its answer.</summary>
    public const int LongestSentence = 2000;

    /// <summary>
    /// The sentence as the model sees it: single spaces, one at the beginning and one behind an opening quote, so that a word is cut
    /// into the same tokens wherever it stands and however it is quoted. Who shouts is heard as if he spoke: where the first word is all capitals, words that
    /// are so are put in small letters, in which they were learned. Names, paths and quoted texts in small letters do not make it a calm sentence.
    /// 1,000 and 20k are written out (<see cref="WrittenNumber"/>), and other numbers with only a comma between them are listed: 7, 8.
    /// </summary>
    public static string Normalise(string sentence) => Normalise(sentence, places: null);

    /// <summary>Words of a sentence in the same form, as an answer to it has them.</summary>
    public static string Normalise(string words, string sentence)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(sentence);
        return Normalise(words, IsShouted(sentence), places: null);
    }

    /// <summary>The sentence, with the place in it of each character.</summary>
    internal static string Normalise(string sentence, List<int>? places)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return Normalise(sentence, IsShouted(sentence), places);
    }

    private static bool IsShouted(string sentence)
    {
        var start = 0;
        while (start < sentence.Length && !char.IsLetter(sentence[start]))
            start++;
        var end = WordEnd(sentence, start);
        return end - start > 1 && IsCapitals(sentence, start, end);
    }

    /// <summary>Whether the letters of a word are all capitals, or of a script that has none.</summary>
    private static bool IsCapitals(string text, int start, int end)
    {
        while (start < end && !char.IsLower(text[start]))
            start++;
        return start == end;
    }

    private static int WordEnd(string text, int start)
    {
        while (start < text.Length && char.IsLetter(text[start]))
            start++;
        return start;
    }

    private static string Normalise(string sentence, bool isShouted, List<int>? places)
    {
        var text = new StringBuilder(sentence.Length + 8);
        var numbers = WrittenNumber.In(sentence).ToDictionary(number => number.Start);
        var (wordEnd, isLowered) = (0, false);
        for (var i = 0; i < sentence.Length; i++)
        {
            var character = sentence[i];
            if (i >= wordEnd)
            {
                wordEnd = Math.Max(i + 1, WordEnd(sentence, i));
                isLowered = isShouted && IsCapitals(sentence, i, wordEnd);
            }

            if (char.IsWhiteSpace(character) || char.IsControl(character))
                continue;
            var first = i == 0 || char.IsWhiteSpace(sentence[i - 1]) || char.IsControl(sentence[i - 1]) || IsListed(sentence, i);
            // Of two marks of a kind the second one closes, or both open what is quoted twice.
            var afterOpening = text.Length > 0 && IsQuote(text[^1]) && Plain(character) != text[^1] && (text.Length < 2 || text[^2] is ' ' or '(' or '[');
            if ((first || afterOpening) && (text.Length == 0 || text[^1] != ' '))
                Append(' ', i);
            if (numbers.TryGetValue(i, out var number))
            {
                // The last digit stands for all that was written, so that it comes back whole.
                var last = number.Length - 1;
                for (var digit = 0; digit < number.Digits.Length; digit++)
                    Append(number.Digits[digit], i + (digit == number.Digits.Length - 1 ? last : Math.Min(digit, last)));
                i += last;
                continue;
            }

            Append(isLowered ? char.ToLowerInvariant(Plain(character)) : Plain(character), i);
        }

        return text.ToString();

        void Append(char character, int place)
        {
            text.Append(character);
            places?.Add(place);
        }
    }

    /// <summary>Whether a number follows another one and a comma: a list, which is learned with spaces in it.</summary>
    private static bool IsListed(string sentence, int index) =>
        index > 1 && char.IsAsciiDigit(sentence[index]) && sentence[index - 1] == ',' && char.IsAsciiDigit(sentence[index - 2]);

    private static bool IsQuote(char character) => character is '"' or '\'' or '`';

    private static char Plain(char character) => character switch
    {
        '“' or '”' or '„' or '«' or '»' => '"',
        '‘' or '’' => '\'',
        _ => character,
    };
}
