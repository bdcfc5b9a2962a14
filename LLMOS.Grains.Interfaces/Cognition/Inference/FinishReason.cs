using System.Text.Json.Serialization;

namespace LLMOS.Cognition.Inference;

/// <summary>Why a generation ended.</summary>
[GenerateSerializer, Alias("llmos.finish-reason"), JsonConverter(typeof(JsonStringEnumConverter<FinishReason>))]
public enum FinishReason
{
    /// <summary>The model ended it, or a stop text was reached.</summary>
    Stop,

    /// <summary>The most tokens asked for were generated.</summary>
    Length,

    /// <summary>Its reader went away, or the process was suspended or killed.</summary>
    Cancelled,

    /// <summary>The model wants functions called, and goes on with their results.</summary>
    ToolCalls,

    /// <summary>It had not begun and was taken out of its queue: another replica has room for it.</summary>
    Withdrawn,
}
