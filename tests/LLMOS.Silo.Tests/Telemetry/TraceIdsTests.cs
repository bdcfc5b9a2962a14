using System.Diagnostics;
using LLMOS.Kernel.Telemetry;
using LLMOS.Silo.Telemetry;

namespace LLMOS.Silo.Tests.Telemetry;

/// <summary>Traces that nobody takes, for the ids that a log has of them.</summary>
public sealed class TraceIdsTests
{
    [Fact]
    public async Task A_span_has_an_id_that_goes_on_and_nothing_else()
    {
        using var ids = new TraceIds();
        await ids.StartAsync(TestContext.Current.CancellationToken);
        Activity.Current = null;
        using var turn = LlmosTelemetry.Source.StartActivity("turn");
        using var within = LlmosTelemetry.Source.StartActivity("within");
        Assert.NotNull(turn);
        Assert.Equal(turn.TraceId, within!.TraceId);
        Assert.Null(new ActivitySource("LLMOS.Other").StartActivity("other"));
        Assert.True(TraceSources.Include("Microsoft.Orleans.Application"));
        Assert.False(TraceSources.Include("System.Net.Http"));
    }
}
