namespace LLMOS.Simulator.Devices;

/// <summary>What a step of a device takes, in milliseconds. The defaults are about those of a model of 8 B parameters on one GPU.</summary>
internal sealed record DeviceCosts
{
    /// <summary>Whatever the step holds.</summary>
    public double Step { get; init; } = 8;

    /// <summary>A token that is decoded.</summary>
    public double Decode { get; init; } = 0.06;

    /// <summary>A prompt token.</summary>
    public double Prefill { get; init; } = 0.1;

    /// <summary>A KV cell of a sequence that runs.</summary>
    public double Cell { get; init; } = 0.00002;

    /// <summary>A sequence that is saved to host memory or comes back from it.</summary>
    public double Swap { get; init; } = 0.2;

    /// <summary>A KV cell of such a sequence.</summary>
    public double SwapCell { get; init; } = 0.004;

    /// <summary>Seconds of a step.</summary>
    public double StepSeconds(int decodes, int prefills, long cells, int swaps, long swappedCells) =>
        (Step + (Decode * decodes) + (Prefill * prefills) + (Cell * cells) + (Swap * swaps) + (SwapCell * swappedCells)) / 1000;
}
