using ModelForge.Corpus;
using ModelForge.Corpus.Workflow;
using ModelForge.Evaluation.Workflow;

namespace ModelForge.Tests.Workflow;

public sealed class PlantedDefectTests
{
    [Fact]
    public void Every_defect_changes_the_program_and_its_review_names_it()
    {
        var random = new CorpusRandom(7);
        HashSet<string> subjects = [];
        for (var i = 0; i < 2_000; i++)
        {
            var specification = RequestWriter.Draw(random);
            var defect = PlantedDefect.Plant(specification, random);

            Assert.NotEqual(ProgramWriter.Write(specification), defect.Code);
            Assert.Contains(defect.Subject, defect.Review, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(WorkflowPrompts.Approved, defect.Review, StringComparison.Ordinal);
            subjects.Add(defect.Subject);
        }

        Assert.Superset(new HashSet<string> { "port", "quote", "started", "bracket", "rate limiting", "JSON output" }, subjects);
    }

    [Fact]
    public async Task Broken_syntax_does_not_compile()
    {
        using var trial = new ProgramTrial();
        var random = new CorpusRandom(3);
        for (var tried = 0; tried < 16;)
        {
            var specification = RequestWriter.Draw(random);
            var defect = PlantedDefect.Plant(specification, random);
            if (defect.Subject is "quote" or "bracket")
            {
                tried++;
                var program = ProgramText.Extract(WorkflowSource.Answer(specification, defect.Code))!;
                Assert.NotNull(await trial.TryAsync(program, "test", TestContext.Current.CancellationToken));
            }
        }
    }
}
