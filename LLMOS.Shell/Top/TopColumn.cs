using System.Globalization;
using LLMOS.Client.Watching;

namespace LLMOS.Shell.Top;

/// <summary>A column of <c>top</c>.</summary>
/// <param name="Key">What <c>--sort</c> calls it.</param>
/// <param name="Title">Its head.</param>
/// <param name="Width">Its cells.</param>
/// <param name="IsRight">Whether it is aligned to the right, as figures are.</param>
/// <param name="Text">What it shows of a process; empty for nothing.</param>
/// <param name="Order">What it sorts by.</param>
internal sealed record TopColumn(string Key, string Title, int Width, bool IsRight, Func<ProcessActivity, string> Text, Func<ProcessActivity, IComparable> Order)
{
    /// <summary>All of them, what is asked for most first.</summary>
    public static IReadOnlyList<TopColumn> All { get; } =
    [
        Figure("pid", "PID", 6, row => row.Pid),
        Words("name", "NAME", 18, row => row.Name),
        Words("state", "STATE", 10, row => row.State),
        Words("waits", "WAITS FOR", 10, row => row.WaitsFor),
        Figure("priority", "PRIO", 5, row => row.Priority, showsZero: true),
        Words("class", "CLASS", 8, row => row.Class),
        new("context", "CONTEXT", 13, true, row => row.ContextMax == 0 ? "" : $"{Number(row.ContextUsed)}/{Number(row.ContextMax)}", row => row.ContextUsed),
        new("kv", "KV", 15, false, row => row.Kv.Length == 0 ? "" : $"{row.Kv} {Number(row.Cells)}", row => row.Cells),
        Rate("decode", "DECODE/S", 10, row => row.DecodeRate),
        Rate("prefill", "PREFILL/S", 10, row => row.PrefillRate),
        Rate("ttft", "TTFT MS", 9, row => row.FirstTokenMs),
        Rate("queue", "QUEUE MS", 9, row => row.QueueMs),
        new("budget", "BUDGET", 15, true, row => $"{Number(row.BudgetUsed)}/{Number(row.Budget)}", row => row.BudgetUsed),
        Figure("preempted", "PREEMPTED", 10, row => row.Preemptions),
        Figure("faults", "FAULTS", 7, row => row.Faults),
        Words("model", "MODEL", 14, row => row.Model),
        Words("kind", "KIND", 10, row => row.Kind),
        Figure("parent", "PARENT", 7, row => row.Parent),
        Figure("tokens", "TOKENS", 9, row => row.Tokens),
        Figure("turns", "TURNS", 6, row => row.Turns),
        Figure("mail", "MAIL", 5, row => row.Mailbox),
        Words("owner", "OWNER", 12, row => row.Owner),
    ];

    /// <summary>The column of a key, in any casing; null for none.</summary>
    public static TopColumn? Find(string key) => All.FirstOrDefault(column => string.Equals(column.Key, key, StringComparison.OrdinalIgnoreCase));

    private static TopColumn Words(string key, string title, int width, Func<ProcessActivity, string> value) => new(key, title, width, false, value, value);

    private static TopColumn Figure(string key, string title, int width, Func<ProcessActivity, long> value, bool showsZero = false) =>
        new(key, title, width, true, row => value(row) is var figure && (figure != 0 || showsZero) ? key is "pid" or "parent" ? figure.ToString(CultureInfo.InvariantCulture) : Number(figure) : "", row => value(row));

    private static TopColumn Rate(string key, string title, int width, Func<ProcessActivity, double> value) =>
        new(key, title, width, true, row => value(row) is > 0 and var rate ? rate.ToString("#,##0.0", CultureInfo.InvariantCulture) : "", row => value(row));

    private static string Number(long value) => value.ToString("#,##0", CultureInfo.InvariantCulture);
}
