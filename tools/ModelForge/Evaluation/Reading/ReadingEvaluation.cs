using System.Globalization;
using ModelForge.Corpus;
using ModelForge.Corpus.Reading;
using ModelForge.Corpus.Reading.Roles;
using ModelForge.Corpus.Reading.Tools;

namespace ModelForge.Evaluation.Reading;

/// <summary>
/// Tries what the model does with texts that it is given, on phrasings and names held out of training: questions, summaries, tool
/// calls, merging and splitting of roles, and its confidence.
/// </summary>
public sealed class ReadingEvaluation : IEvaluation
{
    private const ulong Seed = 0x4EAD1;
    private const int QuestionCount = 200;
    private const int UnanswerableCount = 100;
    private const int SummaryCount = 100;
    private const int ToolCallCount = 150;
    private const int RoleCount = 60;
    private const int ConfidenceCount = 120;

    /// <inheritdoc/>
    public string Suite => "reading";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EvaluationRow>> RunAsync(ITextModel model, Action<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(progress);
        List<EvaluationRow> rows = [];
        foreach (var part in new Func<ITextModel, CancellationToken, Task<IReadOnlyList<EvaluationRow>>>[] { Questions, Refusals, Summaries, ToolCalls, Roles, Confidence })
        {
            foreach (var row in await part(model, cancellationToken))
            {
                rows.Add(row);
                progress(string.Create(CultureInfo.InvariantCulture, $"{Suite}: {row.Name} {row.Value:0.#} {row.Unit} of {row.Cases} cases"));
            }
        }
        return rows;
    }

    private Task<IReadOnlyList<EvaluationRow>> Questions(ITextModel model, CancellationToken cancellationToken) =>
        Ask("context questions right", QuestionCount, 95, 1, QuestionSource.Answerable, model, cancellationToken);

    private Task<IReadOnlyList<EvaluationRow>> Refusals(ITextModel model, CancellationToken cancellationToken) =>
        Ask("unanswerable questions refused", UnanswerableCount, 90, 2, QuestionSource.Unanswerable, model, cancellationToken);

    private async Task<IReadOnlyList<EvaluationRow>> Ask(
        string name, int count, double goal, ulong fork, Func<Scene, CorpusRandom, CorpusSplit, QuestionCase> next, ITextModel model, CancellationToken cancellationToken)
    {
        var random = new CorpusRandom(Seed).Fork(fork);
        List<string> misses = [];
        for (var i = 0; i < count; i++)
        {
            var example = next(QuestionSource.NextScene(random, CorpusSplit.HeldOut), random, CorpusSplit.HeldOut);
            var answer = await model.CompleteAsync(example.Prompt, 48, null, cancellationToken);
            if (answer.Trim() != example.Answer)
                misses.Add(Miss($"{example.Scene.Text} / {example.Question}", answer, example.Answer));
        }
        return [Share(name, count, goal, misses)];
    }

    private async Task<IReadOnlyList<EvaluationRow>> Summaries(ITextModel model, CancellationToken cancellationToken)
    {
        var random = new CorpusRandom(Seed).Fork(3);
        List<string> misses = [], asLong = [];
        var facts = 0;
        for (var i = 0; i < SummaryCount; i++)
        {
            var example = SummarySource.NextCase(random, CorpusSplit.HeldOut, random.Between(4, 8));
            var summary = await model.CompleteAsync(example.Prompt, 320, null, cancellationToken);
            facts += example.Scene.Facts.Count;
            var lost = SummaryCheck.Lost(example.Scene, summary);
            if (lost.Count > 0)
                misses.AddRange(lost.Select(fact => Miss(example.Scene.Text, summary, fact.In(fact.Kind.Summary))));
            if (summary.Trim().Length is var length && (length == 0 || length >= example.Scene.Text.Length))
                asLong.Add(Miss(example.Scene.Text, summary, example.Summary));
        }
        return [Share("facts kept in summaries", facts, 90, misses), Share("summaries shorter than their texts", SummaryCount, 90, asLong)];
    }

    private async Task<IReadOnlyList<EvaluationRow>> ToolCalls(ITextModel model, CancellationToken cancellationToken)
    {
        var random = new CorpusRandom(Seed).Fork(4);
        List<string> invalid = [], wrong = [];
        for (var i = 0; i < ToolCallCount; i++)
        {
            var example = ToolCallSource.NextCase(random, CorpusSplit.HeldOut);
            var call = await model.CallAsync(example.Prompt, [.. example.Tools.Select(tool => tool.ToChatTool())], example.Request, cancellationToken);
            var miss = Miss($"{string.Join(", ", example.Tools.Select(tool => tool.Name))} / {example.Request}", call, example.Call);
            if (!ToolCallCheck.IsValid(example.Tools, call))
                invalid.Add(miss);
            if (!ToolCallCheck.IsRight(example, call))
                wrong.Add(miss);
        }
        return [Share("tool calls valid", ToolCallCount, 100, invalid), Share("tool calls right", ToolCallCount, 95, wrong)];
    }

    private async Task<IReadOnlyList<EvaluationRow>> Roles(ITextModel model, CancellationToken cancellationToken)
    {
        var random = new CorpusRandom(Seed).Fork(5);
        List<string> misses = [];
        for (var i = 0; i < RoleCount; i++)
        {
            var example = i % 2 == 0 ? RoleSource.Merge(random, CorpusSplit.HeldOut) : RoleSource.Split(random, CorpusSplit.HeldOut);
            var answer = await model.CompleteAsync(example.Prompt, 240, null, cancellationToken);
            if (!RoleCheck.IsRight(example, answer))
                misses.Add(Miss(example.Prompt[^1].Text, answer, example.Answer));
        }
        return [Share("roles merged and split", RoleCount, 90, misses)];
    }

    private async Task<IReadOnlyList<EvaluationRow>> Confidence(ITextModel model, CancellationToken cancellationToken)
    {
        var random = new CorpusRandom(Seed).Fork(6);
        List<string> misses = [];
        List<(string Word, bool IsTrue)> said = [];
        for (var i = 0; i < ConfidenceCount; i++)
        {
            var example = ConfidenceSource.NextCase(random, CorpusSplit.HeldOut, ConfidenceCase.Words[i % ConfidenceCase.Words.Count]);
            var word = (await model.CompleteAsync(example.Prompt, 4, null, cancellationToken)).Trim();
            said.Add((word, example.IsTrue));
            if (word != example.Word)
                misses.Add(Miss(example.Prompt[^1].Text, word, example.Word));
        }
        return [Share("confidence words right", ConfidenceCount, 90, misses), Calibration(said)];
    }

    /// <summary>1 when the claims called high were true at least as often as those called medium, and these as those called low.</summary>
    internal EvaluationRow Calibration(IReadOnlyList<(string Word, bool IsTrue)> said)
    {
        var shares = ConfidenceCase.Words.Select(word => said.Where(one => one.Word == word).Select(one => one.IsTrue ? 100.0 : 0).DefaultIfEmpty(double.NaN).Average()).ToArray();
        // A word that is never said has no share (NaN), and NaN is not at least anything.
        var holds = shares[0] >= shares[1] && shares[1] >= shares[2];
        string[] misses = holds ? [] : [string.Create(CultureInfo.InvariantCulture, $"claims that were true: high {shares[0]:0} %, medium {shares[1]:0} %, low {shares[2]:0} %")];
        return new EvaluationRow(Suite, "confidence calibrated: high ≥ medium ≥ low", holds ? 1 : 0, "", 1, true, said.Count, misses);
    }

    private EvaluationRow Share(string name, int cases, double goal, List<string> misses) =>
        new(Suite, name, 100.0 * (cases - misses.Count) / cases, "%", goal, true, cases, misses);

    private static string Miss(string example, string got, string wanted) => $"{example} → {got.Trim()} → {wanted.Trim()}".Replace('\n', ' ');
}
