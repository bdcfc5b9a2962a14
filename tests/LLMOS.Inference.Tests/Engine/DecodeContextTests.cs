using LLMOS.Inference.Engine;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>What would end the process is refused before the call.</summary>
public sealed class DecodeContextTests
{
    private static readonly EngineOptions One = Engines.Small with { ContextCells = 256, StepTokens = 8, MaxSequences = 2, DraftTokens = 0 };

    [Fact]
    public void More_outputs_than_the_context_has_room_for_are_refused()
    {
        using var context = new DecodeContext(TestModels.F32, One);
        using var batch = new BatchBuffer(8, TestModels.F32.VocabularySize);
        for (var i = 0; i < 3; i++)
            batch.Add(300, i, 0, output: true);
        Assert.Contains("2 tokens at most, not of 3", Assert.Throws<InvalidOperationException>(() => context.Decode(batch)).Message, StringComparison.Ordinal);
        batch.Clear();
        batch.Add(300, 0, 0, output: true);
        batch.Add(300, 1, 0, output: true);
        Assert.Equal(0, context.Decode(batch));
    }

    [Fact]
    public void Sequences_that_the_context_has_not_are_refused()
    {
        using var context = new DecodeContext(TestModels.F32, One);
        Assert.Throws<InvalidOperationException>(() => context.Truncate(2, 0));
        Assert.Throws<InvalidOperationException>(() => context.Share(0, 2, 0, 1));
        Assert.Throws<InvalidOperationException>(() => context.Share(0, 1, 1, 1));
        Assert.Throws<InvalidOperationException>(() => context.ShareAll(1, 1));
        Assert.Throws<InvalidOperationException>(() => context.Restore(-1, new byte[4]));
        Assert.False(context.Restore(0, new byte[4]));
    }

    [Fact]
    public void An_empty_batch_and_one_that_is_too_large_are_refused()
    {
        using var context = new DecodeContext(TestModels.F32, One);
        using var batch = new BatchBuffer(9, TestModels.F32.VocabularySize);
        Assert.Throws<InvalidOperationException>(() => context.Decode(batch));
        for (var i = 0; i < 9; i++)
            batch.Add(300, i, 0, output: false);
        Assert.Throws<InvalidOperationException>(() => context.Decode(batch));
        Assert.Throws<InvalidOperationException>(() => batch.Add(300, 9, 0, output: false));
        batch.Clear();
        Assert.Throws<InvalidOperationException>(() => batch.Add(TestModels.F32.VocabularySize, 0, 0, output: false));
        Assert.Throws<InvalidOperationException>(() => batch.Add(-1, 0, 0, output: false));
        Assert.Throws<InvalidOperationException>(() => batch.Add(1, -1, 0, output: false));
        Assert.Throws<InvalidOperationException>(() => batch.Add(1, 0, 256, output: false));
    }
}
