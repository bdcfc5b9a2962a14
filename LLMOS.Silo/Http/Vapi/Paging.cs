using System.Globalization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Limits and cursors of listings.</summary>
internal static class Paging
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1_000;

    /// <summary>How many items a part is to have.</summary>
    /// <exception cref="VapiException">It is too many or none.</exception>
    public static int Limit(int? said, int most = MaxLimit) => said switch
    {
        null => Math.Min(DefaultLimit, most),
        < 1 => throw VapiException.Wrong($"'limit' is {said}: use 1 to {most}."),
        _ when said > most => throw VapiException.Wrong($"'limit' is {said}: use 1 to {most}."),
        _ => said.Value,
    };

    /// <summary>The number that a cursor stands for: items before it are wanted.</summary>
    /// <exception cref="VapiException">It is no cursor.</exception>
    public static long Before(string? cursor) =>
        cursor is null ? long.MaxValue
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw VapiException.Wrong($"'cursor' is '{(cursor.Length <= 40 ? cursor : cursor[..40] + "…")}', which no listing gave: use the 'next' of the page before, or none.");

    /// <summary>A page of numbered items, the newest first.</summary>
    public static Page<T> Of<T>(IEnumerable<T> newestFirst, int limit, Func<T, long> numberOf)
    {
        var items = newestFirst.ToArray();
        return new Page<T>(items, items.Length < limit ? null : numberOf(items[^1]).ToString(CultureInfo.InvariantCulture));
    }
}
