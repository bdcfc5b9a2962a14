using System.Globalization;
using System.Text.Json;
using LLMOS.Inference.Planning;

namespace LLMOS.Simulator.Traces;

/// <summary>
/// Reads a trace: JSON lines when the file's name ends in .jsonl or .ndjson, else CSV with a line of column names. The fields are arrival (seconds, not
/// before the line above), prompt and output (tokens), and, where wanted, priority (0 to 19 or a class), tree, prefix (names) and prefixTokens.
/// </summary>
internal sealed class TraceReader
{
    private static readonly string[] Fields = ["arrival", "priority", "tree", "prompt", "prefix", "prefixTokens", "output"];
    private static readonly string[] Required = ["arrival", "prompt", "output"];

    private const int LevelsInClass = 4;
    private const int MostTokens = 1 << 24;

    private readonly string _path;
    private readonly Dictionary<string, int> _trees = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _prefixes = new(StringComparer.Ordinal);
    private int _ownTrees;
    private int _line;

    private TraceReader(string path) => _path = path;

    /// <exception cref="SimulatorException">The file cannot be read, or a line of it is wrong; the message has the file, the line and the value.</exception>
    public static Trace Read(string path)
    {
        try
        {
            return new TraceReader(path).ReadAll();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SimulatorException($"The trace '{path}' cannot be read ({exception.Message.TrimEnd('.')}): name another file with --trace.", exception);
        }
    }

    private Trace ReadAll()
    {
        var isJson = _path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || _path.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
        var requests = new List<TraceRequest>();
        string[]? columns = null;
        foreach (var line in File.ReadLines(_path))
        {
            _line++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (!isJson && columns is null)
            {
                columns = ReadColumns(line);
                continue;
            }
            var request = ReadRequest(isJson ? ReadJson(line) : ReadCsv(line, columns!));
            if (requests.Count > 0 && request.Arrival < requests[^1].Arrival)
                throw Wrong($"arrival is {Text(request.Arrival)}, before the {Text(requests[^1].Arrival)} of the request above: sort the trace by arrival");
            requests.Add(request);
        }
        if (requests.Count == 0)
            throw new SimulatorException($"The trace '{_path}' has no requests: give it at least one{(isJson ? "" : " below the line of column names")}.");
        // A request without a tree is one of its own, numbered behind those that have names.
        return new Trace(
            [.. requests.Select(request => request.Tree >= 0 ? request : request with { Tree = _trees.Count - 1 - request.Tree })],
            _trees.Count + _ownTrees);
    }

    private string[] ReadColumns(string line)
    {
        var columns = line.Split(',', StringSplitOptions.TrimEntries);
        if (Array.Find(columns, column => !Fields.Contains(column)) is { } unknown)
            throw Wrong($"there is no column '{unknown}': use {string.Join(", ", Fields)}");
        if (Array.Find(Required, field => !columns.Contains(field)) is { } missing)
            throw Wrong($"the column {missing} is missing: the first line names the columns, and {string.Join(", ", Required)} are needed");
        return columns;
    }

    private Dictionary<string, string> ReadCsv(string line, string[] columns)
    {
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != columns.Length)
            throw Wrong($"'{line}' has {cells.Length} values, and there are {columns.Length} columns: give one for each");
        return columns.Zip(cells).Where(pair => pair.Second.Length > 0).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private Dictionary<string, string> ReadJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Wrong($"'{line}' is no JSON object: use one such as {{\"arrival\":0,\"prompt\":100,\"output\":50}}");
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!Fields.Contains(property.Name))
                    throw Wrong($"there is no field '{property.Name}': use {string.Join(", ", Fields)}");
                if (property.Value.ValueKind != JsonValueKind.Null)
                    values[property.Name] = property.Value.ToString();
            }
            return values;
        }
        catch (JsonException exception)
        {
            throw Wrong($"'{line}' is no JSON ({exception.Message.TrimEnd('.')}): write one object a line");
        }
    }

    private TraceRequest ReadRequest(Dictionary<string, string> values)
    {
        if (Array.Find(Required, field => !values.ContainsKey(field)) is { } missing)
            throw Wrong($"{missing} has no value: {string.Join(", ", Required)} are needed");
        var prompt = ReadCount(values, "prompt", least: 1);
        var hasPrefix = values.TryGetValue("prefix", out var prefix);
        var prefixTokens = values.ContainsKey("prefixTokens") ? ReadCount(values, "prefixTokens", least: 0) : 0;
        if (prefixTokens >= prompt)
            throw Wrong($"prefixTokens is {prefixTokens}: it must be less than the prompt's {prompt}");
        if (prefixTokens > 0 && !hasPrefix)
            throw Wrong($"prefixTokens is {prefixTokens}, but there is no prefix: name it");
        return new TraceRequest(
            ReadArrival(values["arrival"]),
            values.TryGetValue("priority", out var priority) ? ReadPriority(priority) : SchedulingClass.DefaultPriority,
            values.TryGetValue("tree", out var tree) ? NumberOf(_trees, tree) : -++_ownTrees,
            prompt,
            hasPrefix && prefixTokens > 0 ? NumberOf(_prefixes, prefix!) : TraceRequest.NoPrefix,
            prefixTokens,
            ReadCount(values, "output", least: 1));
    }

    private double ReadArrival(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0 && double.IsFinite(seconds)
            ? seconds
            : throw Wrong($"arrival is '{text}': it must be a number of seconds from 0 up");

    private int ReadCount(Dictionary<string, string> values, string field, int least) =>
        int.TryParse(values[field], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= MostTokens
            ? count
            : throw Wrong($"{field} is '{values[field]}': it must be a whole number of tokens from {least} to {MostTokens}");

    private int ReadPriority(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority <= SchedulingClass.LowestPriority)
            return priority;
        return text.All(char.IsLetter) && Enum.TryParse<SequenceClass>(text, ignoreCase: true, out var named)
            ? ((int)named * LevelsInClass) + 2
            : throw Wrong($"priority is '{text}': it must be 0 (highest) to {SchedulingClass.LowestPriority}, or REALTIME, HIGH, NORMAL, LOW or IDLE");
    }

    private static int NumberOf(Dictionary<string, int> numbers, string name)
    {
        if (!numbers.TryGetValue(name, out var number))
            numbers.Add(name, number = numbers.Count);
        return number;
    }

    private SimulatorException Wrong(string what) => new($"{_path}, line {_line}: {what}.");

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
