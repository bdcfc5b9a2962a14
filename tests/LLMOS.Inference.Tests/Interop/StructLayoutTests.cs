using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Tests.Interop;

public sealed class StructLayoutTests
{
    [Fact]
    public void Structs_have_the_sizes_of_the_release()
    {
        Assert.Equal(80, Unsafe.SizeOf<LlamaModelParams>());
        Assert.Equal(160, Unsafe.SizeOf<LlamaContextParams>());
        Assert.Equal(56, Unsafe.SizeOf<LlamaBatch>());
        Assert.Equal(12, Unsafe.SizeOf<LlamaTokenData>());
        Assert.Equal(32, Unsafe.SizeOf<LlamaTokenDataArray>());
        Assert.Equal(1, Unsafe.SizeOf<LlamaSamplerChainParams>());
        Assert.Equal(528, Unsafe.SizeOf<ThreadPoolParams>());
    }

    [Theory]
    [InlineData(nameof(LlamaModelParams.TensorSplit), 40)]
    [InlineData(nameof(LlamaModelParams.VocabOnly), 72)]
    public void Model_parameters_lie_where_the_header_puts_them(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<LlamaModelParams>(field));

    [Theory]
    [InlineData(nameof(LlamaContextParams.EvalCallback), 88)]
    [InlineData(nameof(LlamaContextParams.KeyType), 104)]
    [InlineData(nameof(LlamaContextParams.AbortCallback), 112)]
    [InlineData(nameof(LlamaContextParams.Embeddings), 128)]
    [InlineData(nameof(LlamaContextParams.Samplers), 136)]
    public void Context_parameters_lie_where_the_header_puts_them(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<LlamaContextParams>(field));

    /// <summary>The defaults of llama.cpp, read through the structs, are what its source says: a shifted field would show.</summary>
    [Fact]
    public void Default_parameters_read_as_the_source_sets_them()
    {
        LlamaRuntime.EnsureLoaded();
        var context = LlamaNative.ContextDefaultParams();
        Assert.Equal(512u, context.ContextCells);
        Assert.Equal(2048u, context.BatchTokens);
        Assert.Equal(512u, context.MicroBatchTokens);
        Assert.Equal(1u, context.MaxSequences);
        Assert.Equal(-1, context.PoolingType);
        Assert.Equal(1, context.KeyType);
        Assert.Equal(1, context.ValueType);
        Assert.Equal(1, context.OffloadKqv);
        Assert.Equal(0, context.UnifiedKv);
        Assert.Equal(-1f, context.DefragThreshold);
        Assert.Equal(0, context.OtherContext);

        ThreadPoolParams threads;
        unsafe
        {
            GgmlNative.ThreadPoolParamsInit(&threads, 5);
        }
        Assert.Equal((5, 0, 50u, 0, 0), (threads.Threads, threads.Priority, threads.Poll, threads.StrictCpu, threads.Paused));

        var model = LlamaNative.ModelDefaultParams();
        Assert.Equal(-1, model.GpuLayers);
        Assert.Equal(0, model.VocabOnly);
        Assert.Equal(0, model.CheckTensors);
        Assert.Equal(1, model.UseExtraBufferTypes);
        Assert.Equal(0, model.NoAlloc);
    }
}
