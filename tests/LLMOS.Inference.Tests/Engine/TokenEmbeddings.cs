using System.Runtime.InteropServices;
using LLMOS.Inference.Engine;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>The embedding of each token of a text, as llama.cpp gives it without pooling: what pooled ones are held against.</summary>
internal static unsafe class TokenEmbeddings
{
    private const int NoPooling = 0;

    private static readonly delegate* unmanaged[Cdecl]<nint, int, float*> GetEmbedding = Find();

    public static float[][] Of(LlamaModel model, int[] tokens)
    {
        var parameters = LlamaNative.ContextDefaultParams();
        parameters.ContextCells = parameters.BatchTokens = parameters.MicroBatchTokens = parameters.MaxOutputs = 512;
        parameters.Threads = parameters.BatchThreads = 1;
        parameters.PoolingType = NoPooling;
        parameters.Embeddings = 1;
        using var context = LlamaNative.InitFromModel(model.Handle, parameters);
        context.Bind(model.Handle);
        using var batch = new BatchBuffer(512, model.VocabularySize);
        for (var i = 0; i < tokens.Length; i++)
            batch.Add(tokens[i], i, 0, output: true);
        Assert.Equal(0, LlamaNative.Decode(context, batch.ToNative()));
        return [.. Enumerable.Range(0, tokens.Length).Select(i => new ReadOnlySpan<float>(GetEmbedding(context.DangerousGetHandle(), i), model.EmbeddingLength).ToArray())];
    }

    private static delegate* unmanaged[Cdecl]<nint, int, float*> Find()
    {
        LlamaRuntime.EnsureLoaded();
        var library = NativeLibrary.Load(Directory.EnumerateFiles(LlamaRuntime.LibraryPath!, "*llama*").First(file => !file.EndsWith("LICENSE", StringComparison.Ordinal)));
        return (delegate* unmanaged[Cdecl]<nint, int, float*>)NativeLibrary.GetExport(library, "llama_get_embeddings_ith");
    }
}
