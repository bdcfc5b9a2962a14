using System.Diagnostics;
using ModelForge.Corpus.Workflow;
using ModelForge.Evaluation.Workflow;

namespace ModelForge.Tests.Workflow;

public sealed class ProgramWriterTests
{
    // Compiles every file that is named, as node --check does, in one process.
    private const string NodeCheck =
        "const fs = require('fs'), vm = require('vm'); for (const file of process.argv.slice(1)) new vm.Script(fs.readFileSync(file, 'utf8'), file);";

    public static TheoryData<string, string> Programs { get; } =
    [
        .. ProgramKind.All.SelectMany(kind => Enum.GetValues<ProgramLanguage>().Select(language => (kind.Title, language.ToString()))),
    ];

    [Fact]
    public void There_are_kinds_enough_and_their_names_differ()
    {
        Assert.True(ProgramKind.All.Count >= 12);
        Assert.Equal(ProgramKind.All.Count, ProgramKind.All.Select(kind => kind.Title).Distinct().Count());
        Assert.Equal(ProgramKind.All.Count, ProgramKind.All.Select(kind => kind.File).Distinct().Count());
    }

    [Theory]
    [InlineData("JavaScript", "node", "-e")]
    [InlineData("Python", "python3", "-m")]
    public async Task Every_kind_with_every_feature_alone_and_with_pairs_and_all_of_them_compiles(string language, string compiler, string option)
    {
        using var folder = new TemporaryFolder();
        List<string> files = [];
        foreach (var kind in ProgramKind.All)
        {
            var sets = kind.Features.Select(feature => new[] { feature })
                .Concat(kind.Features.Zip(kind.Features.Skip(1), (one, other) => new[] { one, other }))
                .Append([])
                .Append([.. kind.Features]);
            foreach (var features in sets)
            {
                var specification = new ProgramSpecification(kind, "Blue-Box 7", Enum.Parse<ProgramLanguage>(language), features);
                var file = Path.Combine(folder.Path, $"{files.Count}{specification.FileName}");
                File.WriteAllText(file, ProgramWriter.Write(specification));
                files.Add(file);
            }
        }

        string[] arguments = option == "-e" ? [option, NodeCheck, .. files] : [option, "py_compile", .. files];
        using var process = Process.Start(new ProcessStartInfo(compiler, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, errors);
        Assert.True(files.Count > 200);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_with_all_its_features_serves_or_ends_well(string title, string language)
    {
        var kind = ProgramKind.All.First(kind => kind.Title == title);
        var specification = new ProgramSpecification(kind, "Blue Box", Enum.Parse<ProgramLanguage>(language), kind.Features);
        var program = ProgramText.Extract(WorkflowSource.Answer(specification, ProgramWriter.Write(specification)))!;
        using var trial = new ProgramTrial();

        Assert.Null(await trial.TryAsync(program, kind.IsCommandLine ? kind.Sample : null, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_plain_program_passes_its_own_test(string title, string language)
    {
        var kind = ProgramKind.All.First(kind => kind.Title == title);
        var specification = new ProgramSpecification(kind, title, Enum.Parse<ProgramLanguage>(language), [ProgramFeature.Tests]);
        var program = ProgramText.Extract(WorkflowSource.Answer(specification, ProgramWriter.Write(specification)))!;
        Assert.Null(await ProgramTrial.TestAsync(program, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_whose_tests_do_not_pass_is_told_what_it_says()
    {
        Assert.Equal("node program.js test says 'tests failed'", await ProgramTrial.TestAsync(new ProgramText("a.js", ProgramText.JavaScript, "console.log('tests failed')\n"), TestContext.Current.CancellationToken));
        Assert.Contains("AssertionError", await ProgramTrial.TestAsync(new ProgramText("a.py", ProgramText.Python, "assert False\n"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_never_serves_or_does_not_parse_is_told_so()
    {
        using var trial = new ProgramTrial();

        Assert.Contains("SyntaxError", await trial.TryAsync(new ProgramText("a.js", ProgramText.JavaScript, "const a = (;\n"), null, TestContext.Current.CancellationToken));
        Assert.StartsWith("it ended", await trial.TryAsync(new ProgramText("a.py", ProgramText.Python, "print(1)\n"), null, TestContext.Current.CancellationToken));
        Assert.Contains("ZeroDivisionError", await trial.TryAsync(new ProgramText("a.py", ProgramText.Python, "print(1 / 0)\n"), "1", TestContext.Current.CancellationToken));
    }
}
