using LLMOS.Inference.Planning;
using LLMOS.Inference.Speculation;

namespace LLMOS.Inference.Engine;

/// <summary>
/// Shares out what a plan leaves of a step among the sequences that decode, for tokens that were forced and tokens that are guessed. What the plan gives to decodes and prefill is not touched,
/// and all of it together is bounded like prefill beside decodes, so that it holds up no stream more than that. Belongs to the owner thread.
/// </summary>
internal sealed class DraftPlacer(DecodeContext context, EngineOptions options)
{
    /// <summary>Where a token more costs about as much as one costs on average, guesses win nothing, however good they are.</summary>
    private const double Pointless = 0.9;

    private bool _mayDraft;
    private int _tokens;
    private int _outputs;
    private int _left;
    private int _sequences;

    /// <summary>Whether the step has guessed tokens in it.</summary>
    public bool HasDrafts { get; private set; }

    public StepCost Cost { get; } = new();

    /// <summary>A step begins to be filled.</summary>
    public void Begin(StepPlan plan, bool mayDraft)
    {
        (_mayDraft, HasDrafts) = (mayDraft, false);
        _tokens = plan.Tokens;
        _sequences = plan.Decode.Count;
        _left = Math.Max(0, Math.Min(context.StepTokens - _tokens, options.PrefillTokensBesideDecode - (_tokens - _sequences)));
        _outputs = context.Outputs - _sequences - plan.Prefill.Count;
    }

    /// <summary>Tokens that the next sequence may have beside the one it decodes: its share, and what those before it left of theirs.</summary>
    public int Share() => _left == 0 ? 0 : Math.Max(1, _left / Math.Max(1, _sequences--));

    /// <summary>The sequence took so many.</summary>
    public void Take(int tokens)
    {
        _left -= tokens;
        _tokens += tokens;
    }

    /// <summary>Tokens that are likely to follow a sequence's own and worth computing now; at most so many.</summary>
    public ReadOnlySpan<int> Guess(Sequence sequence, int most)
    {
        if (sequence.Current is not { Guess: { } guess } generation)
            return [];
        var cost = options.DraftCost ?? Cost.Marginal(_tokens);
        // One token comes anyway, so a draft must leave its reader and its length room for one more than it has.
        var room = Math.Min(Math.Min(most, _outputs), Math.Min(generation.Room, generation.Remaining) - 1);
        if (!_mayDraft || room <= 0 || cost >= Pointless)
        {
            guess.Clear();
            return [];
        }
        guess.Make(sequence.TokenSpan, generation.Sampler, cost, _tokens, room);
        _outputs -= guess.Drafted;
        HasDrafts |= guess.Drafted > 0;
        return guess.Draft;
    }
}
