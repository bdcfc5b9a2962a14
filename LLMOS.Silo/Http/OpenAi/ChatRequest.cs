using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>A request for chat completions, read.</summary>
internal sealed record ChatRequest
{
    public required string Model { get; init; }

    /// <summary>What the system and developer messages say, as paragraphs.</summary>
    public required string System { get; init; }

    /// <summary>All other messages; the last is of the user or has results of functions.</summary>
    public required ImmutableArray<ChatMessage> Messages { get; init; }

    public required ChatOptions Options { get; init; }

    /// <summary>How many answers.</summary>
    public int Choices { get; init; } = 1;

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    public bool LogProbabilities { get; init; }

    /// <summary>Whether the last message is a prompt that is gone on with, and no chat.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Who the client says that it asks for; empty for nobody.</summary>
    public string User { get; init; } = "";
}
