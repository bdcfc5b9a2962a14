using System.Globalization;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Memory;

// How the list of pages is stored: the oldest in parts that are written once, the newest with the record.
public sealed partial class ContextRegionGrain
{
    /// <summary>Pages of a part.</summary>
    private const int SegmentSize = 128;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var region = state.State;
        if (region.Segments > 0)
        {
            var parts = await Task.WhenAll(Enumerable.Range(0, region.Segments).Select(part => Segment(part).ReadAsync()));
            region.Pages.AddRange(parts.SelectMany(pages => pages));
        }

        region.Pages.AddRange(region.Tail);
    }

    private IRegionSegmentGrain Segment(int part) => Segment(state.State.Generation, part);

    private IRegionSegmentGrain Segment(Guid generation, int part) => GrainFactory.GetGrain<IRegionSegmentGrain>(
        MessageIds.OfName(string.Create(CultureInfo.InvariantCulture, $"{Path}#{generation:N}#pages/{part}")));

    /// <summary>
    /// Writes what is full before the record says that it is there: after a crash in between the record still has those pages, and writes them again. The last page is written to and stays with the record.
    /// </summary>
    private async Task SealAsync()
    {
        var region = state.State;
        var written = region.Segments;
        while (region.Pages.Count - (written * SegmentSize) > 2 * SegmentSize)
        {
            await Segment(written).WriteAsync([.. region.Pages.Skip(written * SegmentSize).Take(SegmentSize)]);
            written++;
        }

        region.Tail = region.Pages.GetRange(written * SegmentSize, region.Pages.Count - (written * SegmentSize));
        region.Segments = written;
    }

    private async Task ClearSegmentsAsync(Guid generation, int count)
    {
        for (var part = 0; part < count; part++)
        {
            await Segment(generation, part).ClearAsync();
        }
    }
}
