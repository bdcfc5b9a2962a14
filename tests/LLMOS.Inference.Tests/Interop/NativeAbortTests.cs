using System.Text;
using LLMOS.Inference.Engine;
using LLMOS.Inference.Gguf;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Tests.Interop;

/// <summary>That these tests end at all is what they show: each provokes an assertion that ends an unguarded process.</summary>
public sealed class NativeAbortTests
{
    [Fact]
    public void An_assertion_on_a_guarded_thread_becomes_an_exception() => Sentences.Refused(
        LlamaError.SequenceFailed,
        () => NativeAbort.Run("test", DecodeMoreThanABatch, assertion => new LlamaException(LlamaError.SequenceFailed, $"It failed ({assertion}).")),
        "GGML_ASSERT");

    [Fact]
    public void A_model_with_a_token_twice_is_refused()
    {
        var bytes = File.ReadAllBytes(TestModels.Path(GgmlType.F32));
        var at = bytes.AsSpan().IndexOf("<0x42>"u8);
        Assert.True(at > 0);
        "<0x41>"u8.CopyTo(bytes.AsSpan(at));
        var path = TestModels.NewPath("twice.gguf");
        File.WriteAllBytes(path, bytes);
        Sentences.Refused(LlamaError.ModelInvalid, () => LlamaModel.Load(path), path, "damaged");
    }

    [Fact]
    public void A_model_without_layers_is_refused()
    {
        var bytes = File.ReadAllBytes(TestModels.Path(GgmlType.F32));
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("llama.block_count"));
        bytes.AsSpan(at + "llama.block_count".Length + 4, 4).Clear();
        var path = TestModels.NewPath("flat.gguf");
        File.WriteAllBytes(path, bytes);
        Sentences.Refused(LlamaError.ModelInvalid, () => LlamaModel.Load(path), path);
    }

    /// <summary>Fails an assertion of llama.cpp.</summary>
    internal static int DecodeMoreThanABatch()
    {
        var parameters = LlamaNative.ContextDefaultParams();
        parameters.ContextCells = 256;
        parameters.BatchTokens = parameters.MicroBatchTokens = 64;
        var context = LlamaNative.InitFromModel(TestModels.F32.Handle, parameters);
        context.Bind(TestModels.F32.Handle);
        var batch = new BatchBuffer(65, TestModels.F32.VocabularySize);
        for (var i = 0; i < 65; i++)
            batch.Add(5, i, 0, output: false);
        return LlamaNative.Decode(context, batch.ToNative());
    }
}
