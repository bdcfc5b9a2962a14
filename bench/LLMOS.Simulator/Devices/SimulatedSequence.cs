using LLMOS.Inference.Planning;
using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator.Devices;

/// <summary>A request on a device.</summary>
internal sealed class SimulatedSequence(int number, TraceRequest request)
{
    /// <summary>The request's place in the trace.</summary>
    public int Number => number;

    public TraceRequest Request => request;

    public SequenceClass Class { get; } = SchedulingClass.Of(request.Priority);

    public double Weight { get; } = WeightTable.Of(request.Priority);

    public ServiceAccount Service { get; } = new();

    public Residency Residency { get; set; }

    public bool IsAdmitted { get; set; }

    public bool IsStarted { get; set; }

    /// <summary>Tokens whose KV exists.</summary>
    public int Computed { get; set; }

    public int Generated { get; set; }

    public int Pending => request.PromptTokens + Generated - Computed;
}
