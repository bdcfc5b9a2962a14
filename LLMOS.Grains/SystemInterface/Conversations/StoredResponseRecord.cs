namespace LLMOS.SystemInterface.Conversations;

/// <summary>What is stored of a response.</summary>
[GenerateSerializer, Alias("llmos.stored-response-record")]
public sealed class StoredResponseRecord
{
    /// <summary>The response; null before it is stored and after it is deleted.</summary>
    [Id(0)] public StoredResponse? Response { get; set; }

    /// <summary>Whether somebody has gone on in its process.</summary>
    [Id(1)] public bool IsClaimed { get; set; }
}
