namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>How a llama-server is started.</summary>
/// <param name="Slots">Requests that it works on at once (<c>-np</c>).</param>
/// <param name="CellsPerSlot">KV cells for each of them.</param>
internal sealed record LlamaServerSettings(int Slots, int CellsPerSlot)
{
    /// <summary>Whether one KV cache serves all slots (<c>-kvu</c>), or each has its own.</summary>
    public bool Unified { get; init; }

    /// <summary>Whether a slot keeps what it computed for the next request that begins alike.</summary>
    public bool CachePrompts { get; init; }

    /// <summary>Most requests at once; each occupies a thread of its HTTP server.</summary>
    public int Clients { get; init; }

    /// <summary>Its command line on one compute thread, for a model and a port.</summary>
    public IReadOnlyList<string> Arguments(string model, int port) =>
    [
        "-m", model, "--host", "127.0.0.1", "--port", $"{port}", "-t", "1", "-tb", "1", "-b", "512", "-ub", "512",
        "-np", $"{Slots}", "-c", $"{Slots * CellsPerSlot}", Unified ? "-kvu" : "-no-kvu", "--cache-ram", "0", "--threads-http", $"{Math.Max(Clients, Slots) + 4}",
    ];

    public override string ToString() => $"{Slots} {(Slots == 1 ? "slot" : Unified ? "slots of one cache" : "slots")}";
}
