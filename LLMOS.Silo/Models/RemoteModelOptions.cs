namespace LLMOS.Silo.Models;

/// <summary>A model behind an OpenAI-compatible endpoint; configured as <c>Models:Remote:NAME</c>.</summary>
public sealed record RemoteModelOptions
{
    /// <summary>The base address, such as <c>https://api.openai.com/v1</c> or <c>http://localhost:11434/v1</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The server's name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The environment variable that has the key; empty for a server that wants none. The key itself is never kept.</summary>
    public string ApiKeyVariable { get; init; } = "";

    /// <summary>The server's name of the model that makes embeddings; empty when there is none.</summary>
    public string EmbeddingModel { get; init; } = "";

    /// <summary>Tokens that one prompt with its answer may have.</summary>
    public int ContextLength { get; init; } = 32_768;

    /// <summary>How long the server may be silent.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a request that the server was too busy for, or that never reached it, is sent again.</summary>
    public int Retries { get; init; } = 2;
}
