using System.Globalization;
using System.Text.RegularExpressions;

namespace LLMOS.Tests.Telemetry;

/// <summary>What a silo answers to a scrape, in Prometheus' text format.</summary>
internal sealed partial class PrometheusScrape
{
    private readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _samples = [];

    private PrometheusScrape(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"This is no line of a scrape: {line}");
            _samples.Add((
                sample.Groups["name"].Value,
                Label().Matches(sample.Groups["labels"].Value).ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value),
                double.Parse(sample.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)));
        }
    }

    public IReadOnlySet<string> Names => _samples.Select(sample => sample.Name).ToHashSet();

    public static async Task<PrometheusScrape> OfAsync(HttpClient http) => new(await http.GetStringAsync(new Uri("metrics", UriKind.Relative)));

    /// <summary>The values that a label has in the samples of a name.</summary>
    public IReadOnlySet<string> Values(string name, string label) => _samples.Where(sample => sample.Name == name).Select(sample => sample.Labels.GetValueOrDefault(label, "")).ToHashSet();

    /// <summary>The sum of the samples of a name whose labels have these values.</summary>
    public double this[string name, params (string Label, string Value)[] labels] => _samples
        .Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Label) == label.Value))
        .Sum(sample => sample.Value);

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>[-+0-9.eEInfNa]+)( [0-9.]+)?$")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(\\.|[^"\\])*)",?""")]
    private static partial Regex Label();
}
