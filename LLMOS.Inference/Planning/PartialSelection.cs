namespace LLMOS.Inference.Planning;

/// <summary>Puts the first few of many to the front, in linear time on average.</summary>
/// <remarks>Quickselect with the median of three as its pivot (Hoare, Algorithm 65: Find, 1961).</remarks>
internal static class PartialSelection
{
    /// <summary>Moves the <paramref name="count"/> first in the order of service to the front, in any order among themselves.</summary>
    public static void MoveFirstToFront(Span<RankedSequence> items, int count)
    {
        if (count <= 0 || count >= items.Length)
            return;
        var (low, high) = (0, items.Length - 1);
        while (low < high)
        {
            var pivot = MedianOfThree(items[low], items[low + ((high - low) / 2)], items[high]);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (RankedSequence.Compare(items[i], pivot) < 0)
                    i++;
                while (RankedSequence.Compare(items[j], pivot) > 0)
                    j--;
                if (i > j)
                    break;
                (items[i], items[j]) = (items[j], items[i]);
                i++;
                j--;
            }
            if (count - 1 <= j)
                high = j;
            else if (count - 1 >= i)
                low = i;
            else
                return;
        }
    }

    private static RankedSequence MedianOfThree(in RankedSequence a, in RankedSequence b, in RankedSequence c)
    {
        var (low, high) = a.CompareTo(b) <= 0 ? (a, b) : (b, a);
        return c.CompareTo(low) < 0 ? low : c.CompareTo(high) > 0 ? high : c;
    }
}
