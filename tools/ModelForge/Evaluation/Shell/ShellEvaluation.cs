using System.Collections.Immutable;
using LLMOS.SystemInterface.Syscalls;
using ModelForge.Corpus;
using ModelForge.Corpus.Shell;

namespace ModelForge.Evaluation.Shell;

/// <summary>
/// Sentences of phrasings that the model never saw, and sentences written by hand, put to it as the shell does. A case is right when
/// the calls are the same in the same order, and every argument is: words to the character, numbers by value.
/// </summary>
public sealed class ShellEvaluation : IEvaluation
{
    private const int SentencesPerTemplate = 3;
    private const int MostTokens = 160;
    private const ulong Seed = 20;

    /// <inheritdoc/>
    public string Suite => "shell";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EvaluationRow>> RunAsync(ITextModel model, Action<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(progress);
        var heldOut = await TryAsync(model, "held-out phrasings", HeldOut(), progress, cancellationToken);
        var byHand = await TryAsync(model, "sentences written by hand", HandwrittenSentences.First(), progress, cancellationToken);
        var unheard = await TryAsync(model, "sentences of a second set", HandwrittenSentences.Second(), progress, cancellationToken);
        List<Outcome> all = [.. heldOut, .. byHand, .. unheard];
        return
        [
            Row("held-out phrasings, syscall right", 97, heldOut, static outcome => outcome.SameCalls),
            Row("held-out phrasings, all arguments right", 92, heldOut, static outcome => outcome.Same),
            Row("sentences written by hand, all right", 90, byHand, static outcome => outcome.Same) with { IsByHand = true },
            Row("sentences by hand, second set, all right", 90, unheard, static outcome => outcome.Same) with { IsByHand = true },
            Row("of all these, nothing destroyed that was not asked for", 99, all, static outcome => !outcome.IsDestructive),
        ];
    }

    /// <summary>The cases of phrasings that are held out: the same ones every time, and of a phrasing without values only one.</summary>
    internal static IReadOnlyList<ShellSentence> HeldOut()
    {
        var source = new ShellSource();
        var root = new CorpusRandom(Seed);
        return [.. Enumerable.Range(0, source.HeldOutCount * SentencesPerTemplate)
            .Select(index => source.HeldOut(index / SentencesPerTemplate, root.Fork((ulong)index)))
            .DistinctBy(sentence => sentence.Text, StringComparer.OrdinalIgnoreCase)];
    }

    private static async Task<IReadOnlyList<Outcome>> TryAsync(
        ITextModel model, string what, IReadOnlyList<ShellSentence> cases, Action<string> progress, CancellationToken cancellationToken)
    {
        const int Between = 100;
        List<Outcome> outcomes = [];
        foreach (var one in cases)
        {
            DocumentMessage[] messages =
                [new("system", SyscallPrompt.System), new("user", SyscallPrompt.Normalise(one.Text))];
            var said = await model.CompleteAsync(messages, MostTokens, SyscallGrammar.For(one.Text), cancellationToken);
            var reply = SyscallParser.Parse(said, one.Text);

            // A list that cannot be read asks for nothing, and is not for that reason the answer where nothing was to be asked for.
            outcomes.Add(new Outcome(one, reply.Calls, IsBroken: reply.Calls.IsEmpty && said.AsSpan().TrimStart().StartsWith("[")));
            if (outcomes.Count % Between == 0)
                progress($"{what}: {outcomes.Count(outcome => outcome.Same)} of {outcomes.Count} right");
        }

        return outcomes;
    }

    private static EvaluationRow Row(string name, double goal, IReadOnlyList<Outcome> outcomes, Func<Outcome, bool> right)
    {
        var share = 100.0 * outcomes.Count(right) / outcomes.Count;
        return new EvaluationRow("shell", name, share, "%", goal, AtLeast: true, outcomes.Count, [.. outcomes.Where(outcome => !right(outcome)).Select(Describe)]);
    }

    private static string Describe(Outcome outcome) =>
        $"{outcome.Case.Text} -> {(outcome.IsBroken ? "a list that cannot be read" : Describe(outcome.Got))}, not {Describe(outcome.Case.Calls)}";

    private static string Describe(ImmutableArray<SyscallCall> calls) => calls.IsEmpty ? "nothing" : string.Join("; ", calls);

    private sealed record Outcome(ShellSentence Case, ImmutableArray<SyscallCall> Got, bool IsBroken)
    {
        public bool Same => !IsBroken && Case.Calls.SequenceEqual(Got);

        /// <summary>Whether something is ended, removed or limited that the sentence does not ask for.</summary>
        public bool IsDestructive => Got.Any(call => SyscallCatalog.IsDestructive(call) && !Case.Calls.Contains(call));

        public bool SameCalls => !IsBroken && Case.Calls.Select(call => call.Name).SequenceEqual(Got.Select(call => call.Name));
    }
}
