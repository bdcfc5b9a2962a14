namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>The formats of strings, as GBNF without the quotes.</summary>
internal static class StringFormat
{
    private const string Year = "([0-9]{3} [1-9] | [0-9]{2} [1-9] \"0\" | [0-9] [1-9] \"00\" | [1-9] \"000\")";
    private const string LeapYear = "([0-9]{2} (\"0\" [48] | [2468] [048] | [13579] [26]) | (\"0\" [48] | [2468] [048] | [13579] [26]) \"00\")";
    private const string Month31 = "(\"0\" [13578] | \"1\" [02])";
    private const string Month30 = "(\"0\" [469] | \"11\")";

    /// <summary>The days of each month, with the leap years of the Gregorian calendar; years 0001 to 9999.</summary>
    private const string Date =
        $"{Year} \"-\" ({Month31} \"-\" (\"0\" [1-9] | [12] [0-9] | \"3\" [01]) | {Month30} \"-\" (\"0\" [1-9] | [12] [0-9] | \"30\") | \"02-\" (\"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8])) | {LeapYear} \"-02-29\"";

    private const string HourAndMinute = "([01] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9]";
    private const string Time = $"{HourAndMinute} \":\" [0-5] [0-9] (\".\" [0-9]{{1,7}})? (\"Z\" | [+-] {HourAndMinute})";
    private const string Hex = "[0-9a-fA-F]";

    /// <summary>In the order in which a sentence names them.</summary>
    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = $"({Date}) \"T\" {Time}",
        ["uuid"] = $"{Hex}{{8}} \"-\" {Hex}{{4}} \"-\" {Hex}{{4}} \"-\" {Hex}{{4}} \"-\" {Hex}{{12}}",
    };

    /// <returns>Null when there is no such format.</returns>
    public static string? Expression(string format) => Formats.GetValueOrDefault(format);

    public static string Names => string.Join(", ", Formats.Keys);
}
