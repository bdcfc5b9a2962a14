using LLMOS.Inference.Sampling;

namespace LLMOS.Inference.Engine;

/// <summary>Samples the next token of a sequence and passes its text on, with what its grammar forces after it, or ends the sequence.</summary>
internal sealed class TokenEmitter(LlamaModel model, SequenceTable table)
{
    /// <summary>False when the logits are not numbers; then nothing was done.</summary>
    public bool Emit(Sequence sequence, Generation generation, Span<float> logits, long step)
    {
        var token = generation.Sampler.Sample(logits, sequence.TokenSpan);
        switch (token)
        {
            case TokenSampler.NotANumber:
                return false;
            case TokenSampler.None when !generation.Sampler.MayEnd():
                // It would come to the same each time: what was asked for is wrong, and no fault of the engine.
                Fail(sequence, generation, LlamaError.InvalidRequest, $"After {generation.Answered} tokens no token of the model '{model.Name}' is allowed by the grammar and the logit bias: loosen them.");
                break;
            case TokenSampler.None:
                EndText(sequence, generation, model.EndToken, step);
                break;
            case var end when generation.Sampler.IsEnd(end):
                EndText(sequence, generation, end, step);
                break;
            default:
                Pass(sequence, generation, token, step);
                PassForced(sequence, generation, step);
                break;
        }
        return true;
    }

    /// <summary>Ends a sequence whose logits are not numbers.</summary>
    public void FailNotANumber(Sequence sequence, Generation generation) =>
        Fail(sequence, generation, LlamaError.SequenceFailed, $"The model '{model.Name}' computed logits that are not numbers after {sequence.Tokens.Count} tokens: its file may be damaged.");

    /// <summary>Ends a sequence that native code gives up on.</summary>
    public void FailBroken(Sequence sequence, Generation generation, LlamaException cause) => Fail(
        sequence,
        generation,
        LlamaError.SequenceFailed,
        $"This sequence of {sequence.Tokens.Count} tokens breaks the engine down, so it was ended, and the engine was restarted without it: {cause.Message}");

    private void Pass(Sequence sequence, Generation generation, int token, long step)
    {
        sequence.Tokens.Add(token);
        var logProbabilities = generation.Sampler.LogProbabilities(token);
        generation.CountToken(logProbabilities);
        var text = generation.TakeText(model.Vocabulary.Piece(token), out var stopped);
        if (stopped)
        {
            generation.Write(token, text, logProbabilities);
            End(sequence, generation, StopReason.StopText, step);
        }
        else if (generation.Remaining == 0)
        {
            generation.Write(token, text + generation.TakeRest(), logProbabilities);
            End(sequence, generation, StopReason.Length, step);
        }
        else
        {
            generation.Write(token, text, logProbabilities);
        }
    }

    /// <summary>Takes the tokens about which there is no choice, as far as the reader has room for them; the others are sampled.</summary>
    private void PassForced(Sequence sequence, Generation generation, long step)
    {
        while (sequence.Current == generation && generation.Room > 0)
        {
            if (generation.Sampler.TryForce(out var token))
            {
                generation.CountForced();
                Pass(sequence, generation, token, step);
            }
            else
            {
                if (generation.Sampler.MustEnd())
                    EndText(sequence, generation, model.EndToken, step);
                return;
            }
        }
    }

    private void EndText(Sequence sequence, Generation generation, int token, long step)
    {
        var rest = generation.TakeRest();
        if (rest.Length > 0)
            generation.Write(token, rest);
        End(sequence, generation, StopReason.EndOfText, step);
    }

    private void End(Sequence sequence, Generation generation, StopReason reason, long step)
    {
        table.Finish(sequence);
        generation.End(reason, step);
    }

    private void Fail(Sequence sequence, Generation generation, LlamaError error, string message)
    {
        table.Reset(sequence);
        table.Finish(sequence);
        generation.Fail(new LlamaException(error, message));
    }
}
