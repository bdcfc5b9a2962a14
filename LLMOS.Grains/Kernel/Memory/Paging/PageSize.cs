using System.Collections.Immutable;
using System.Numerics;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>How large the pages of a region are, which follows from the window of the model that reads them.</summary>
public static class PageSize
{
    /// <summary>Tokens of a page of a region that no model has read yet.</summary>
    public const int Default = 512;

    private const int Least = 32;

    // What an entry takes beside its texts.
    private const long EntryOverhead = 160;

    // So many pages fit into a window that one more or less is no great matter.
    private const int PagesOfWindow = 16;

    /// <summary>A sixteenth of the window, rounded down to a power of two; 32 to 512 tokens.</summary>
    public static int Of(int window) => (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, window / PagesOfWindow) + 1) / 2, Least, Default);

    /// <summary>Bytes that the entries of a page take in memory, about.</summary>
    public static long BytesOf(ImmutableArray<ContextEntry> entries) => entries.Sum(entry => EntryOverhead + ((entry.Text.Length + entry.Data.Length) * (long)sizeof(char)));

    /// <summary>Tokens of a summary of pages of this size.</summary>
    public static int OfSummary(int page) => Math.Max(16, page / 8);
}
