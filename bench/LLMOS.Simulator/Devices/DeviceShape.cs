namespace LLMOS.Simulator.Devices;

/// <summary>The size of each device.</summary>
internal sealed record DeviceShape
{
    /// <summary>Most sequences in the context at once.</summary>
    public int Sequences { get; init; } = 64;

    /// <summary>KV cells of the context.</summary>
    public int Cells { get; init; } = 65_536;

    /// <summary>Cells' worth of host memory for swapping.</summary>
    public int HostCells { get; init; } = 1_048_576;

    public int StepTokens { get; init; } = 512;

    public int PrefillTokensBesideDecode { get; init; } = 128;

    /// <summary>Tokens of shared prefixes that are kept between requests.</summary>
    public int PrefixCells { get; init; } = 4096;

    /// <summary>Weighted tokens a window for each REALTIME request.</summary>
    public int Reservation { get; init; } = 512;

    /// <summary>Steps in a window of reservations.</summary>
    public int ReservationWindow { get; init; } = 64;
}
