using System.Text;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>The words of a text as numbers: the same on every silo and after every start, and equal for equal words in any casing.</summary>
public static class WordHashes
{
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    /// <summary>Each word once (FNV-1a of its lower-case letters and digits).</summary>
    public static HashSet<uint> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new HashSet<uint>();
        var hash = Basis;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                hash = (hash ^ (uint)Rune.ToLowerInvariant(rune).Value) * Prime;
            }
            else if (hash != Basis)
            {
                words.Add(hash);
                hash = Basis;
            }
        }

        if (hash != Basis)
        {
            words.Add(hash);
        }

        return words;
    }
}
