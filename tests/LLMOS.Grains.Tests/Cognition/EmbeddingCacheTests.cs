using LLMOS.Cognition.Embeddings;

namespace LLMOS.Tests.Cognition;

public sealed class EmbeddingCacheTests
{
    private const int Floats = 10;

    private readonly List<string> _embedded = [];

    [Fact]
    public async Task A_text_is_embedded_once_for_each_model_however_often_it_is_in_a_call()
    {
        var cache = new EmbeddingCache(1_000_000);
        var first = await cache.GetAsync("a", ["x", "y", "x"], EmbedAsync);
        Assert.Equal(["x", "y"], _embedded);
        Assert.Same(first[0], first[2]);
        Assert.Same(first[1], (await cache.GetAsync("a", ["y"], EmbedAsync))[0]);
        await cache.GetAsync("b", ["y"], EmbedAsync);
        Assert.Equal(["x", "y", "y"], _embedded);
        Assert.Equal((3L, 1L, 4L, 0L), (cache.Level.Pages, cache.Level.Hits, cache.Level.Misses, cache.Level.Evictions));
    }

    [Fact]
    public async Task The_least_recently_used_makes_room_and_bytes_stay_within_the_capacity()
    {
        var probe = new EmbeddingCache(1_000_000);
        await probe.GetAsync("a", ["x"], EmbedAsync);
        var cache = new EmbeddingCache(probe.Level.Bytes * 3);
        await cache.GetAsync("a", ["1", "2", "3"], EmbedAsync);
        await cache.GetAsync("a", ["1"], EmbedAsync);
        await cache.GetAsync("a", ["4"], EmbedAsync);
        Assert.Equal((3L, probe.Level.Bytes * 3, 1L), (cache.Level.Pages, cache.Level.Bytes, cache.Level.Evictions));
        _embedded.Clear();
        await cache.GetAsync("a", ["1", "3", "4"], EmbedAsync);
        Assert.Empty(_embedded);
        await cache.GetAsync("a", ["2"], EmbedAsync);
        Assert.Equal(["2"], _embedded);
    }

    [Fact]
    public async Task What_could_not_be_embedded_is_asked_for_again()
    {
        var cache = new EmbeddingCache(1_000_000);
        await Assert.ThrowsAsync<LlmosException>(() => cache.GetAsync("a", ["x"], _ => throw LlmosException.Unavailable("busy")));
        await cache.GetAsync("a", ["x"], EmbedAsync);
        Assert.Equal(["x"], _embedded);
    }

    private Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts)
    {
        _embedded.AddRange(texts);
        return Task.FromResult<IReadOnlyList<float[]>>([.. texts.Select(text => Enumerable.Repeat((float)text.Length, Floats).ToArray())]);
    }
}
