using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using Orleans.Serialization;

namespace LLMOS.Agents;

/// <summary>The script of a turn as an agent writes it: how the turn began, and the pieces that its model made.</summary>
internal sealed class AgentScript(TurnScript script, Serializer serializer)
{
    /// <summary>Null when the turn has not begun to speak.</summary>
    public TurnOpening? Opening => script.Opening is { } data ? serializer.Deserialize<TurnOpening>(data) : null;

    public IEnumerable<InferenceChunk> Said => script.Said.Select(part => serializer.Deserialize<InferenceChunk>(part.Data)! with { Text = part.Text });

    public Task BeginAsync(TurnOpening opening) => script.BeginAsync(serializer.SerializeToArray(opening));

    public void Say(InferenceChunk chunk) =>
        script.Say(new TurnPart(chunk.Tokens, chunk.Text, serializer.SerializeToArray(chunk with { Text = "" })));

    public Task FlushAsync() => script.FlushAsync();

    public void ShowWhole(string text, int tokens) => script.ShowWhole(text, tokens);
}
