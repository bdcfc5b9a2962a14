using System.Collections.Immutable;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Agents.SystemAgents;

/// <summary>
/// Writes the summaries that stand in a context for pages which are not in the window, where extracts stand as yet. It works at the lowest priority and from its own budget; while it is
/// suspended or without a model, the extracts stay.
/// </summary>
public sealed class SummarizerProgram(AgentProgram agent) : IProcessProgram
{
    private const string RegionHeader = "llmos-region";
    private const string SummariesHeader = "llmos-summaries";

    // The words that the default model was trained with.
    private const string Role = "Summarize the text. Keep names, numbers and decisions.";

    public string Name => ProcessPrograms.Summarizer;

    /// <summary>The message that asks for summaries of a region.</summary>
    internal static OutgoingMessage Ask(string region, ImmutableArray<Guid> summaries) => new()
    {
        To = WellKnownPids.Summarizer,
        Payload = $"summarize {summaries.Length} parts of {region}",
        MessageType = VmpMessageType.Notification,
        Headers = ImmutableDictionary<string, string>.Empty
            .Add(RegionHeader, region)
            .Add(SummariesHeader, string.Join(',', summaries.Select(summary => summary.ToString("N")))),
    };

    public async Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var headers = turn.Message.Headers;
        if (!headers.TryGetValue(RegionHeader, out var path) || !headers.TryGetValue(SummariesHeader, out var names) || !RegionPath.IsValid(path))
        {
            return TurnOutcome.Nothing;
        }

        var region = turn.Grains.GetGrain<IContextRegionGrain>(path);
        var outcome = TurnOutcome.Nothing;
        foreach (var name in names.Split(','))
        {
            if (!Guid.TryParseExact(name, "N", out var summary) || await WorkAsync(region, summary) is not { } work)
            {
                continue;
            }

            Thought thought;
            try
            {
                thought = await Thought.ThinkAsync(
                    turn,
                    [new PromptMessage(PromptRole.System, Role), new PromptMessage(PromptRole.User, $"Text: {work.Text.ReplaceLineEndings(" ")}")],
                    new SamplingOptions { Temperature = 0 },
                    work.Tokens,
                    cancellationToken);
            }
            catch (LlmosException exception) when (exception.Code is LlmosErrorCode.InvalidArgument or LlmosErrorCode.NotFound or LlmosErrorCode.Unavailable)
            {
                // There is no model, or its window is too small for the text: the extract is as good as it gets.
                continue;
            }

            outcome = thought.Outcome.After(outcome);
            if (thought.Outcome.Exit is not null)
            {
                return outcome;
            }

            if (thought.Text.Trim() is { Length: > 0 } text)
            {
                await region.SetSummaryAsync(summary, text, thought.Outcome.Model);
            }
        }

        return outcome;
    }

    public Task OnStoppedAsync(ProcessControlBlock process, ProcessSpec spec, IGrainFactory grains) => agent.OnStoppedAsync(process, spec, grains);

    public Task<ModelReady> PrepareModelAsync(ProcessControlBlock process, string model, IGrainFactory grains) => agent.PrepareModelAsync(process, model, grains);

    public Task ReleaseModelAsync(ProcessControlBlock process, string model, IGrainFactory grains) => agent.ReleaseModelAsync(process, model, grains);

    /// <summary>Null where nothing is left to do: the region was freed, cut into other pages, or summarised by now.</summary>
    private static async Task<SummaryWork?> WorkAsync(IContextRegionGrain region, Guid summary)
    {
        try
        {
            return await region.GetSummaryWorkAsync(summary);
        }
        catch (LlmosException gone) when (gone.Code == LlmosErrorCode.NotFound)
        {
            return null;
        }
    }
}
