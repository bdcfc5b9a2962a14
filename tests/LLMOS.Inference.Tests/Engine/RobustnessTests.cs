using LLMOS.Inference.Gguf;
using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

public sealed class RobustnessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_full_cache_takes_the_place_of_the_least_important_and_all_end_with_the_same_text(int hostCells)
    {
        var requests = Enumerable.Range(0, 6).Select(i => Request(Tokens(10 + i, 40), 120, $"p{i}") with { Priority = 3 * i }).ToList();
        var alone = new List<List<int>>();
        var exact = Small with { FullPrecisionAttention = true };
        await using (var engine = new LlamaCppEngine(TestModels.F32, exact))
        {
            foreach (var request in requests)
                alone.Add(await Drain(engine.Submit(request with { Key = null })));
        }

        // 960 tokens want to be where 512 have room.
        await using var full = new LlamaCppEngine(TestModels.F32, exact with { ContextCells = 512, HostCells = hostCells, Planner = new OvercommittingPlanner(), SwapInChoice = SwapInChoice.Restore });
        var answers = await Task.WhenAll(requests.Select(request => Drain(full.Submit(request))));
        Assert.Equal(alone, answers);
        await Until(() => full.Statistics.Active == 0);
        Assert.True(full.Statistics.Residency.Preemptions > 0);
        Assert.Equal(0, (await full.DescribeAsync("p0"))!.Preemptions);
        Assert.True((await full.DescribeAsync("p5"))!.Preemptions > 0);
        Assert.Equal(hostCells > 0, full.Statistics.SwapsIn > 0);
    }

    [Fact]
    public async Task Logits_that_are_not_numbers_end_their_own_sequence_alone()
    {
        const int Poison = 999;
        var path = TestModels.NewPath("poisoned.gguf");
        File.Copy(TestModels.Path(GgmlType.F32), path);
        var file = GgufFile.ReadModel(path);
        var embeddings = file.Tensors.Single(tensor => tensor.Name == "token_embd.weight");
        await using (var stream = File.OpenWrite(path))
        {
            stream.Position = file.DataStart + embeddings.Offset + (Poison * embeddings.Dimensions[0] * sizeof(float));
            stream.Write(BitConverter.GetBytes(float.NaN));
        }
        using var model = LlamaModel.Load(path);
        await using var engine = new LlamaCppEngine(model, Small);
        var healthy = Request(Tokens(20, 40), 40, "healthy");
        var expected = await Drain(engine.Submit(healthy with { Key = null }));

        var beside = engine.Submit(healthy);
        var poisoned = engine.Submit(Request([.. Tokens(21, 20), Poison, .. Tokens(22, 20)], 40, "poisoned"));
        await Sentences.RefusedAsync(LlamaError.SequenceFailed, () => poisoned.Completion.WaitAsync(Cancelled), "not numbers", "41 tokens");
        Assert.Equal(expected, await Drain(beside));
        Assert.Equal(expected, await Drain(engine.Submit(healthy with { Key = null })));
        Assert.Null(engine.Statistics.Failure);
        Assert.Equal(0, await engine.CountCachedAsync("poisoned", [.. Tokens(21, 20), Poison, 1]));
    }
}
