namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>How a message gets from one grain to another.</summary>
[GenerateSerializer, Alias("llmos.bench.transport")]
public enum Transport
{
    /// <summary>VMP: a persistent stream over the log in SQLite, synced to the disk before the sender goes on.</summary>
    DurableStream,

    /// <summary>Orleans memory streams with their defaults: gone with the silo.</summary>
    MemoryStream,

    /// <summary>A grain call that returns when the recipient has the message: no log, no stream.</summary>
    DirectCall,
}
