namespace LLMOS.Shell.Sessions;

/// <summary>What a command needs of a session, and where it is to find one.</summary>
internal sealed record SessionOptions
{
    /// <summary>The data folder of an embedded silo; null for the configured one.</summary>
    public string? Data { get; init; }

    /// <summary>The gateway of a cluster to join instead of booting a silo; null for an embedded one.</summary>
    public string? Connect { get; init; }

    /// <summary>The model that was asked for, a name or a path; null for the default.</summary>
    public string? Model { get; init; }

    /// <summary>Whether processes work while the session is open; a command that only looks leaves them where they are.</summary>
    public bool Works { get; init; } = true;

    /// <summary>Whether the session is there for as long as somebody wants, so that others may join its silo, though no process works in it.</summary>
    public bool Lasts { get; init; }

    /// <summary>Whether it joins the silo that holds the data folder already; without it, that folder is refused.</summary>
    public bool Joins { get; init; } = true;

    /// <summary>Whether the default model is loaded at once instead of with its first use.</summary>
    public bool LoadModel { get; init; }

    /// <summary>Whether runs that were interrupted go on by themselves.</summary>
    public bool ResumeRuns { get; init; }

    /// <summary>Whether the stages of boot are shown.</summary>
    public bool ShowBoot { get; init; }

    /// <summary>The port for clients; null for the configured one.</summary>
    public int? GatewayPort { get; init; }

    /// <summary>The port for other silos; null for the configured one.</summary>
    public int? SiloPort { get; init; }

    /// <summary>The port of the dashboard; null for the configured one.</summary>
    public int? HttpPort { get; init; }
}
