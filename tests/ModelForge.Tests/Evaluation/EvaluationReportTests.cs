using ModelForge.Evaluation;

namespace ModelForge.Tests.Evaluation;

public sealed class EvaluationReportTests
{
    private static readonly EvaluationRow Loads = new("speed", "loads in", 99.994, "ms", 100, AtLeast: false, 5, []);
    private static readonly EvaluationRow Calls = new("shell", "syscall right", 96.5, "%", 97, AtLeast: true, 600, ["'stop 4': kill, not suspend"]);
    private static readonly EvaluationRow Hand = new("shell", "handwritten sentences right", 91, "%", 90, AtLeast: true, 200, ["'what now': ps"]) { IsByHand = true };

    [Fact]
    public void All_goals_hold_when_every_row_meets_its_own()
    {
        Assert.True(EvaluationReport.Write([Loads, Hand], allMisses: false, TextWriter.Null));
        Assert.False(EvaluationReport.Write([Loads, Calls], allMisses: false, TextWriter.Null));
    }

    [Fact]
    public void A_row_shows_goal_value_and_cases()
    {
        var lines = Written(allMisses: false).Split('\n');

        Assert.Matches(@"^suite +figure +goal +value +cases", lines[0]);
        Assert.Matches(@"^speed +loads in +≤ 100 ms +99\.99 ms +5  met$", lines[1]);
        Assert.Matches(@"^shell +syscall right +≥ 97 % +96\.5 % +600  missed$", lines[2]);
    }

    [Fact]
    public void Misses_are_listed_when_asked_for_and_always_for_what_was_written_by_hand()
    {
        Assert.Contains("'what now': ps", Written(allMisses: false), StringComparison.Ordinal);
        Assert.DoesNotContain("'stop 4'", Written(allMisses: false), StringComparison.Ordinal);
        Assert.Contains("shell, syscall right: 1 wrong\n  'stop 4': kill, not suspend", Written(allMisses: true), StringComparison.Ordinal);
    }

    private static string Written(bool allMisses)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        EvaluationReport.Write([Loads, Calls, Hand], allMisses, writer);
        return writer.ToString();
    }
}
