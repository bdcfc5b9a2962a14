using System.Text;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>What a file may hold.</summary>
internal static class FileRules
{
    /// <exception cref="LlmosException">It is too long, or no text.</exception>
    public static void CheckContent(string path, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > IVectorFsGrain.MaxContent)
        {
            throw LlmosException.InvalidArgument($"{path} would have {length} bytes, and a file has at most {IVectorFsGrain.MaxContent}: divide it into several.");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw LlmosException.InvalidArgument($"{path} would hold a zero byte, as binary files do: VectorFS keeps text; keep the file on disk, and its path or a description here.");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
            {
                throw LlmosException.InvalidArgument($"{path} would hold a half of a character at {i}, which UTF-8 has no bytes for: VectorFS keeps text.");
            }
        }
    }

    /// <summary>The words of a text: letters and digits that stand together, also where only a change of case divides them.</summary>
    public static string WordsOf(string text)
    {
        var words = new StringBuilder();
        var before = '\0';
        foreach (var character in text)
        {
            if (!char.IsLetterOrDigit(character))
            {
                words.Append(' ');
            }
            else
            {
                if (char.IsUpper(character) && char.IsLower(before))
                {
                    words.Append(' ');
                }

                words.Append(character);
            }

            before = character;
        }

        return words.ToString().Trim();
    }
}
