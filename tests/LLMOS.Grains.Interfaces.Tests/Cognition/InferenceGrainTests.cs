using System.Reflection;
using LLMOS.Cognition.Inference;

namespace LLMOS.Tests.Cognition;

public sealed class InferenceGrainTests
{
    /// <summary>A text may have 131,072 tokens, and a request 2,048 texts: on a CPU that takes longer than calls usually may.</summary>
    [Fact]
    public void Long_texts_have_time_to_be_embedded() =>
        Assert.True(typeof(IInferenceGrain).GetMethod(nameof(IInferenceGrain.EmbedAsync))!.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout >= TimeSpan.FromMinutes(5));
}
