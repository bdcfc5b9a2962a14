using System.Globalization;

namespace LLMOS.Benchmarks;

/// <summary>What a suite works with: where its files lie, how thorough it is to be, and where its rows go.</summary>
internal sealed class SuiteRun(Workspace workspace, SuiteOptions options, TextWriter output)
{
    private readonly List<Row> _rows = [];

    public Workspace Workspace => workspace;

    public SuiteOptions Options => options;

    /// <summary>Whether a small load is wanted.</summary>
    public bool Quick => options.Quick;

    /// <summary>Rounds that count.</summary>
    public int Rounds => options.EffectiveRounds;

    public IReadOnlyList<Row> Rows => _rows;

    public void Add(Row row) => _rows.Add(row);

    /// <summary>Says how far the suite is.</summary>
    public void Say(string progress)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss}  {progress}"));
        output.Flush();
    }
}
