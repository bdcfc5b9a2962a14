using LLMOS.Kernel.Telemetry;
using OpenTelemetry.Trace;

namespace LLMOS.Silo.Telemetry;

/// <summary>
/// Keeps the traces that something begins which somebody asked for: a request over HTTP, a message, a turn, a syscall, a run. Grains call each other on clocks of their own twice a second; each of these calls would be a trace.
/// </summary>
internal sealed class TraceRoots : Sampler
{
    private static readonly string[] Beginnings =
    [
        "Microsoft.AspNetCore.Hosting.",
        SpanNames.Send,
        GenAiNames.InvokeAgent + " ",
        GenAiNames.ExecuteTool + " ",
        GenAiNames.Chat + " ",
        GenAiNames.Embeddings + " ",
        "IProcessGrain/SendAsync",
        "IProcessGrain/MulticastAsync",
        "ISyscallGrain/CallAsync",
        "IAgentGroupGrain/StartAsync",
    ];

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var name = samplingParameters.Name;
        return new SamplingResult(
            Array.Exists(Beginnings, beginning => name.StartsWith(beginning, StringComparison.Ordinal)) ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }
}
