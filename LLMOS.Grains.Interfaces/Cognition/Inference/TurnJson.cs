using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace LLMOS.Cognition.Inference;

/// <summary>The JSON of <see cref="TurnHeaders"/>: what has its default is left out.</summary>
[JsonSerializable(typeof(TurnOptions))]
[JsonSerializable(typeof(ToolResults))]
[JsonSerializable(typeof(ImmutableArray<ToolCall>))]
[JsonSerializable(typeof(InferenceUsage))]
[JsonSerializable(typeof(ImmutableArray<TokenLikelihood>))]
internal sealed partial class TurnJson : JsonSerializerContext
{
    public static TurnJson Compact { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
