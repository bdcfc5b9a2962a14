namespace LLMOS.Inference.Tests;

/// <summary>What every refusal must be: one sentence that names the thing, the value and the way out.</summary>
internal static class Sentences
{
    public static void Refused(LlamaError error, Action action, params string[] parts) =>
        Check(Assert.Throws<LlamaException>(action), error, parts);

    public static async Task RefusedAsync(LlamaError error, Func<Task> action, params string[] parts) =>
        Check(await Assert.ThrowsAsync<LlamaException>(action), error, parts);

    private static void Check(LlamaException exception, LlamaError error, string[] parts)
    {
        Assert.Equal(error, exception.Error);
        foreach (var part in parts)
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
    }
}
