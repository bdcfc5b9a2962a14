using System.Collections.Immutable;
using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>Gathers the tokens of an answer into the pieces that a request asked for: text, thoughts, calls of functions, likelihoods.</summary>
internal sealed class LlamaAnswer
{
    private readonly LlamaModel _model;
    private readonly ChatOutputReader? _reader;
    private readonly ForcedToolCall? _forced;
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly SortedDictionary<int, (string Id, string Name, StringBuilder Arguments, bool Ended)> _calls = [];
    private readonly ImmutableArray<TokenLikelihood>.Builder _likelihoods = ImmutableArray.CreateBuilder<TokenLikelihood>();
    private readonly ImmutableArray<int>.Builder? _ids;
    private int _tokens;

    public LlamaAnswer(LlamaModel model, LlamaPrompt prompt, InferenceRequest request)
    {
        _model = model;
        _forced = prompt.Call;
        _ids = request.NamesTokens ? ImmutableArray.CreateBuilder<int>() : null;
        _reader = LlamaPrompt.HasTools(request) ? model.ReadAnswer(prompt.Rendered) : null;
        if (_forced is not null)
        {
            Take(_reader!.Append(_forced.Opening));
        }
    }

    public void Add(TokenOutput token)
    {
        _tokens++;
        _ids?.Add(token.Id);
        if (token.LogProbabilities is { } likelihood)
        {
            _likelihoods.Add(new TokenLikelihood(
                token.Id, Text(token.Id), likelihood.Chosen, [.. likelihood.Top.Select(top => new TokenAlternative(top.Id, Text(top.Id), top.LogProbability))]));
        }

        if (_reader is null)
        {
            _text.Append(token.Text);
        }
        else
        {
            Take(_reader.Append(token));
        }
    }

    /// <summary>Takes tokens whose pieces were given before.</summary>
    public void Skip(IReadOnlyList<TokenOutput> tokens)
    {
        foreach (var token in tokens)
        {
            Add(token);
        }

        _ = Piece(usage: null);
    }

    /// <summary>What has come since the last piece; null while there is nothing to see of it, and no token is to be named.</summary>
    public InferenceChunk? Next() => _text.Length == 0 && _reasoning.Length == 0 && _ids is not { Count: > 0 } ? null : Piece(usage: null);

    /// <summary>The last piece.</summary>
    public InferenceChunk End(InferenceUsage usage)
    {
        if (_forced is not null && usage.FinishReason == FinishReason.Stop)
        {
            Take(_reader!.Append(_forced.Closing));
        }

        Take(_reader?.Finish() ?? []);
        ImmutableArray<ToolCall> calls = [.. _calls.Values.Where(call => call.Ended).Select(call => new ToolCall(call.Id, call.Name, call.Arguments.ToString()))];
        return Piece(calls.IsEmpty || usage.FinishReason != FinishReason.Stop ? usage : usage with { FinishReason = FinishReason.ToolCalls }) with { ToolCalls = calls };
    }

    private InferenceChunk Piece(InferenceUsage? usage)
    {
        var piece = new InferenceChunk(_text.ToString(), _tokens, usage)
        {
            Likelihoods = _likelihoods.DrainToImmutable(),
            Reasoning = _reasoning.ToString(),
            TokenIds = _ids?.DrainToImmutable() ?? [],
        };
        _text.Clear();
        _reasoning.Clear();
        _tokens = 0;
        return piece;
    }

    private void Take(IReadOnlyList<ChatDelta> deltas)
    {
        foreach (var delta in deltas)
        {
            switch (delta)
            {
                case ChatDelta.Content content:
                    _text.Append(content.Text);
                    break;

                case ChatDelta.Reasoning reasoning:
                    _reasoning.Append(reasoning.Text);
                    break;

                case ChatDelta.ToolCallStarted started:
                    _calls[started.Index] = (started.Id, started.Name, new StringBuilder(), false);
                    break;

                case ChatDelta.ToolCallArguments arguments:
                    _calls[arguments.Index].Arguments.Append(arguments.Json);
                    break;

                case ChatDelta.ToolCallEnded ended:
                    _calls[ended.Index] = _calls[ended.Index] with { Ended = true };
                    break;

                case ChatDelta.ToolCallWithdrawn withdrawn:
                    _calls.Remove(withdrawn.Index);
                    break;

                default:
                    break;
            }
        }
    }

    private string Text(int token) => _model.Detokenize([token], renderSpecial: true);
}
