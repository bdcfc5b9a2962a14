namespace LLMOS.SystemInterface.Conversations;

/// <summary>A response as it is kept.</summary>
[GenerateSerializer, Immutable, Alias("llmos.stored-response")]
public sealed record StoredResponse
{
    /// <summary>The principal that it was given to.</summary>
    [Id(0)] public required string Owner { get; init; }

    /// <summary>The response, as JSON.</summary>
    [Id(1)] public required string Json { get; init; }

    /// <summary>What it answers, as a JSON list of items.</summary>
    [Id(2)] public required string Input { get; init; }

    /// <summary>The id of the response that it goes on from; empty for none.</summary>
    [Id(3)] public string Previous { get; init; } = "";

    /// <summary>The process that gave it.</summary>
    [Id(4)] public required long Pid { get; init; }

    /// <summary>What system messages among the inputs have said up to here; without the instructions, which each request says anew.</summary>
    [Id(5)] public string System { get; init; } = "";

    [Id(6)] public required DateTimeOffset CreatedAt { get; init; }
}
