using System.Globalization;
using LLMOS.Shell.Output;
using LLMOS.Shell.Terminal;

namespace LLMOS.Shell.Top;

/// <summary>Draws a sample as lines of a screen. Pure. What processes are called is others' text and is made safe.</summary>
internal static class TopScreen
{
    private const int MostDevices = 4;
    private const int FixedColumns = 2;
    private const string Gap = "  ";
    private const string Keys = "q quit  k kill  s suspend  r resume  n nice  a attach  t tree  / filter  < > sort  i invert  ? help";

    /// <summary>Lines of the table that have room below the heads.</summary>
    public static int Page(TopSample sample, int height) => Math.Max(1, height - Header(sample, isPaused: false).Count() - 3);

    /// <summary>The whole screen.</summary>
    /// <param name="state">How it is looked at.</param>
    /// <param name="sample">What there is; null before the first sample.</param>
    /// <param name="shown">The lines of the table.</param>
    /// <param name="width">Its cells.</param>
    /// <param name="height">Its lines.</param>
    public static IReadOnlyList<ScreenLine> Draw(TopState state, TopSample? sample, IReadOnlyList<TopEntry> shown, int width, int height)
    {
        if (sample is null)
        {
            return [new ScreenLine(Cells.Cut(state.Message.Length > 0 ? SafeText.Line(state.Message) : "llmos top: the first sample is being taken …", width))];
        }

        var lines = new List<ScreenLine>();
        lines.AddRange(Header(sample, state.IsPaused).Select(line => new ScreenLine(line)));
        lines.Add(Prompt(state, sample));
        if (state.Mode == TopMode.Help)
        {
            lines.AddRange(TopKeys.Help.Select(key => new ScreenLine($"{Cells.Fit(key.Keys, 24)}{key.Does}")));
        }
        else
        {
            var columns = TopColumn.All.Take(FixedColumns).Concat(TopColumn.All.Skip(FixedColumns + state.HiddenColumns)).ToArray();
            lines.Add(new ScreenLine(Row(columns, width, column => Title(column, state)), LineStyle.Head));
            foreach (var entry in shown.Skip(state.FirstLine).Take(Page(sample, height)))
            {
                lines.Add(new ScreenLine(Row(columns, width, column => Text(column, entry)), StyleOf(entry, state)));
            }
        }

        while (lines.Count < height - 1)
        {
            lines.Add(new ScreenLine(""));
        }

        lines.Add(new ScreenLine(Keys, LineStyle.Dim));
        return [.. lines.Take(height).Select(line => line with { Text = Cells.Cut(line.Text, width) })];
    }

    /// <summary>The lines above the table, which the plain form has too.</summary>
    public static IEnumerable<string> Header(TopSample sample, bool isPaused)
    {
        var figures = sample.Figures;
        var states = sample.Processes.GroupBy(row => row.State).OrderByDescending(group => group.Count()).Select(group => Text($"{group.Count()} {group.Key}"));
        yield return Text($"llmos top  {sample.At.ToLocalTime():HH:mm:ss}  {sample.Processes.Count} processes: {string.Join(", ", states)}{(isPaused ? "  (stopped)" : "")}");
        var pool = figures.CellsTotal == 0 ? "no engine is loaded" : Text($"{figures.CellsUsed:#,##0} of {figures.CellsTotal:#,##0} cells ({100.0 * figures.CellsUsed / figures.CellsTotal:0} %)");
        yield return Text($"decode {figures.DecodeRate:#,##0.0} tok/s  prefill {figures.PrefillRate:#,##0.0} tok/s  batch {figures.Batch:0.##} of {figures.BatchMax}  KV pool {pool}  switches {figures.Switches:0.0}/s");
        yield return $"hits {(figures.Hits.Count == 0 ? "-" : string.Join(", ", figures.Hits.Select(hits => Text($"{hits.Level} {100 * hits.Rate:0} %"))))}";
        foreach (var device in sample.Devices.Take(MostDevices))
        {
            var models = device.Models.Count == 0 ? "no model" : string.Join(", ", device.Models.Select(SafeText.Line));
            yield return Text($"{SafeText.Line(device.Device)} at {device.Silo}  {Figures.Size(device.MemoryFree)} of {Figures.Size(device.MemoryTotal)} free  {device.Active} active, {device.Waiting} waiting  {models}");
        }

        if (sample.Devices.Count > MostDevices)
        {
            yield return Text($"and {sample.Devices.Count - MostDevices} devices more");
        }
    }

    private static ScreenLine Prompt(TopState state, TopSample sample)
    {
        var name = sample.Processes.FirstOrDefault(row => row.Pid == state.Selected)?.Name is { } known ? SafeText.FirstLine(known, 40) : "";
        return state.Mode switch
        {
            TopMode.Filter => new ScreenLine($"Filter: {SafeText.Line(state.Input)}_", LineStyle.Alert),
            TopMode.Nice => new ScreenLine(Text($"Change the priority of {name} ({state.Selected}) by: {SafeText.Line(state.Input)}_"), LineStyle.Alert),
            TopMode.Kill => new ScreenLine(Text($"Kill {name} ({state.Selected})? It ends for good. [y/N]"), LineStyle.Alert),
            _ when state.Message.Length > 0 => new ScreenLine(SafeText.Line(state.Message), LineStyle.Alert),
            _ when state.Filter.Length > 0 => new ScreenLine($"Filter: {SafeText.Line(state.Filter)}", LineStyle.Dim),
            _ => new ScreenLine(""),
        };
    }

    private static string Row(IEnumerable<TopColumn> columns, int width, Func<TopColumn, string> cell)
    {
        var line = "";
        foreach (var column in columns)
        {
            if (Cells.Width(line) > width)
            {
                break;
            }

            line += (line.Length == 0 ? "" : Gap) + Cells.Fit(cell(column), column.Width, column.IsRight);
        }

        return line.TrimEnd();
    }

    private static string Title(TopColumn column, TopState state) =>
        column.Key != state.SortKey || state.IsTree ? column.Title : column.Title + (state.IsDescending ? "▾" : "▴");

    private static string Text(TopColumn column, TopEntry entry)
    {
        var text = SafeText.Line(column.Text(entry.Row));
        return column.Key != "name" ? text
            : new string(' ', 2 * entry.Level) + (entry.IsExpanded is { } expanded ? expanded ? "▾ " : "▸ " : "") + text;
    }

    private static LineStyle StyleOf(TopEntry entry, TopState state) =>
        entry.Row.Pid == state.Selected ? LineStyle.Selected
        : entry.Row.State == "THINKING" ? LineStyle.Active
        : entry.Row.State == "SUSPENDED" ? LineStyle.Stopped
        : LineStyle.Plain;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
