using System.Text.Json.Serialization;

namespace LLMOS.Cognition.Inference;

/// <summary>Whether a model calls a function.</summary>
[GenerateSerializer, Alias("llmos.tool-choice"), JsonConverter(typeof(JsonStringEnumConverter<ToolChoice>))]
public enum ToolChoice
{
    /// <summary>As the model likes.</summary>
    Auto,

    /// <summary>It answers in words and is not told of the functions.</summary>
    None,

    /// <summary>It makes one call and says nothing else: the text is held to it.</summary>
    Required,
}
