using System.Collections.Immutable;
using System.Text;
using LLMOS.Cognition.Inference;

namespace LLMOS.Agents;

/// <summary>An answer as its pieces come.</summary>
internal sealed class AgentAnswer
{
    private readonly StringBuilder _text = new();
    private readonly ImmutableArray<ToolCall>.Builder _calls = ImmutableArray.CreateBuilder<ToolCall>();
    private readonly ImmutableArray<TokenLikelihood>.Builder _likelihoods = ImmutableArray.CreateBuilder<TokenLikelihood>();
    private readonly ImmutableArray<int>.Builder _tokenIds = ImmutableArray.CreateBuilder<int>();

    /// <summary>How it ended; null while it goes on.</summary>
    public InferenceUsage? Usage { get; private set; }

    public string Text => _text.ToString();

    public ImmutableArray<ToolCall> Calls => _calls.ToImmutable();

    public ImmutableArray<int> TokenIds => _tokenIds.ToImmutable();

    public void Add(InferenceChunk chunk)
    {
        _text.Append(chunk.Text);
        _calls.AddRange(chunk.ToolCalls);
        _likelihoods.AddRange(chunk.Likelihoods);
        _tokenIds.AddRange(chunk.TokenIds);
        Usage = chunk.Usage ?? Usage;
    }

    /// <summary>What of it travels beside its text.</summary>
    public ImmutableDictionary<string, string> Headers()
    {
        var headers = ImmutableDictionary<string, string>.Empty.Add(TurnHeaders.Usage, TurnHeaders.Write(Usage!));
        headers = _calls.Count == 0 ? headers : headers.Add(TurnHeaders.Calls, TurnHeaders.Write(Calls));
        return _likelihoods.Count == 0 ? headers : headers.Add(TurnHeaders.Likelihoods, TurnHeaders.Write(_likelihoods.ToImmutable()));
    }
}
