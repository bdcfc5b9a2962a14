using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Memory;

// What stands in a window for the pages that are not in it. A summary lies in a page of its own, whose id follows from the pages that it stands for.
public sealed partial class ContextRegionGrain
{
    // Those of the last window.
    private readonly Dictionary<SummaryNode, ContextEntry> _summaries = [];

    // Extracts that a reader was told of already.
    private readonly HashSet<Guid> _told = [];

    public async Task<SummaryWork?> GetSummaryWorkAsync(Guid summary)
    {
        EnsureExists();
        return Find(summary) is { } node && await SummaryAsync(node) is { Author: SummaryWork.Extract }
            ? new SummaryWork(await SourceAsync(node), PageSize.OfSummary(state.State.PageTokens), node.First, node.Count)
            : null;
    }

    public async Task SetSummaryAsync(Guid summary, string text, string author)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentException.ThrowIfNullOrWhiteSpace(author);
        EnsureExists();
        if (Find(summary) is { } node)
        {
            var most = PageSize.OfSummary(state.State.PageTokens);
            if (TokenEstimate.Of(text) > most)
            {
                text = ExtractiveSummary.Of(text, most, space);
            }

            var entry = Entry(node, text, author);
            await GrainFactory.GetGrain<IMemoryPageGrain>(summary).FillAsync(Path, [entry]);
            _summaries.Remove(node);
        }
    }

    private static ContextEntry Entry(Guid id, string text, string author) => new(id, 0, author, text, TokenEstimate.Of(text), DateTimeOffset.UnixEpoch);

    private ContextEntry Entry(SummaryNode node, string text, string author) => Entry(SummaryId(node), text, author);

    /// <summary>One text that stands for the first pages of the region, and which of the summaries in it no model wrote.</summary>
    private async Task<(ContextEntry? Summary, ImmutableArray<Guid> Extracts)> SummaryOfAsync(int pages, int room)
    {
        var cover = SummaryNode.Cover(pages).ToList();
        var parts = new List<ContextEntry>();
        var extracts = ImmutableArray.CreateBuilder<Guid>();
        var left = room - Heading("").Tokens;

        // What is nearest to the newest pages matters most where not all of it has room.
        foreach (var node in cover.AsEnumerable().Reverse())
        {
            var summary = await SummaryAsync(node);
            if (summary.Text.Length == 0 || summary.Tokens + 1 > left)
            {
                continue;
            }

            left -= summary.Tokens + 1;
            parts.Add(summary);
            if (node.Level > 0 && summary.Author == SummaryWork.Extract && _told.Add(summary.Id))
            {
                extracts.Add(summary.Id);
            }
        }

        foreach (var old in _summaries.Keys.Except(cover).ToList())
        {
            _summaries.Remove(old);
        }

        parts.Reverse();
        return parts.Count == 0 ? (null, []) : (Heading(string.Join('\n', parts.Select(part => part.Text))), extracts.ToImmutable());
    }

    private ContextEntry Heading(string text) => Entry(MessageIds.OfName($"{Path}#summary"), $"[What was said before, in short:\n{text}]", "summary");

    private async Task<ContextEntry> SummaryAsync(SummaryNode node)
    {
        if (_summaries.TryGetValue(node, out var known))
        {
            return known;
        }

        var page = GrainFactory.GetGrain<IMemoryPageGrain>(SummaryId(node));
        var summary = node.Level > 0 && await page.ReadAsync() is [var written] ? written : null;
        if (summary is null)
        {
            summary = Entry(node, ExtractiveSummary.Of(await SourceAsync(node), PageSize.OfSummary(state.State.PageTokens), space), SummaryWork.Extract);
            if (node.Level > 0)
            {
                await page.FillAsync(Path, [summary]);
            }
        }

        _summaries[node] = summary;
        return summary;
    }

    /// <summary>What a summary is made of: the page, or the summaries of the level below.</summary>
    private async Task<string> SourceAsync(SummaryNode node)
    {
        if (node.Level == 0)
        {
            return string.Join('\n', (await ReadPageAsync(state.State.Pages[node.First])).Select(entry => entry.Text));
        }

        // A summary of level 1 is made of its pages themselves: an extract of extracts would lose twice.
        var texts = new List<string>();
        foreach (var part in node.Parts)
        {
            texts.Add(node.Level == 1 ? await SourceAsync(part) : (await SummaryAsync(part)).Text);
        }

        return string.Join('\n', texts);
    }

    private Guid SummaryId(SummaryNode node) =>
        MessageIds.OfName(string.Create(CultureInfo.InvariantCulture, $"{Path}#{state.State.Generation:N}#summary/{node.Level}/{node.Index}"));

    private SummaryNode? Find(Guid summary)
    {
        foreach (var node in SummaryNode.Above(state.State.Pages.Count))
        {
            if (SummaryId(node) == summary)
            {
                return node;
            }
        }

        return null;
    }

    private IEnumerable<Guid> SummaryIds() => SummaryNode.Above(state.State.Pages.Count).Select(SummaryId);
}
