using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>
/// The functions of <c>llama.h</c>, release v0.5.0, that LLMOS uses. A failed assertion in them ends the process,
/// so callers check what they pass.
/// </summary>
internal static unsafe partial class LlamaNative
{
    private const string Library = LlamaLibrary.Llama;

    [LibraryImport(Library, EntryPoint = "llama_version")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* Version();

    [LibraryImport(Library, EntryPoint = "llama_backend_init")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void BackendInit();

    [LibraryImport(Library, EntryPoint = "llama_log_set")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void LogSet(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* userData);

    [LibraryImport(Library, EntryPoint = "llama_print_system_info")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* PrintSystemInfo();

    [LibraryImport(Library, EntryPoint = "llama_model_default_params")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial LlamaModelParams ModelDefaultParams();

    [LibraryImport(Library, EntryPoint = "llama_context_default_params")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial LlamaContextParams ContextDefaultParams();

    [LibraryImport(Library, EntryPoint = "llama_model_load_from_file", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial LlamaModelHandle ModelLoadFromFile(string path, LlamaModelParams parameters);

    [LibraryImport(Library, EntryPoint = "llama_model_free")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void ModelFree(nint model);

    [LibraryImport(Library, EntryPoint = "llama_model_get_vocab")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint ModelGetVocab(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_n_ctx_train")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ModelContextLength(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_n_embd")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ModelEmbeddingLength(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_n_embd_out")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ModelOutputEmbeddingLength(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_n_layer")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ModelLayerCount(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_n_swa")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ModelSlidingWindow(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_n_params")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial ulong ModelParameterCount(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_size")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial ulong ModelSize(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_desc")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ModelDescription(LlamaModelHandle model, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "llama_model_meta_val_str", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ModelMetadata(LlamaModelHandle model, string key, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "llama_model_chat_template")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* ModelChatTemplate(LlamaModelHandle model, byte* name);

    [LibraryImport(Library, EntryPoint = "llama_model_has_encoder")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ModelHasEncoder(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_has_decoder")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ModelHasDecoder(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_is_recurrent")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ModelIsRecurrent(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_is_hybrid")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ModelIsHybrid(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_model_is_diffusion")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ModelIsDiffusion(LlamaModelHandle model);

    [LibraryImport(Library, EntryPoint = "llama_init_from_model")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial LlamaContextHandle InitFromModel(LlamaModelHandle model, LlamaContextParams parameters);

    [LibraryImport(Library, EntryPoint = "llama_free")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void Free(nint context);

    [LibraryImport(Library, EntryPoint = "llama_n_ctx")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial uint ContextCells(LlamaContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_n_batch")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial uint BatchTokens(LlamaContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_n_ubatch")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial uint MicroBatchTokens(LlamaContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_n_seq_max")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial uint MaxSequences(LlamaContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_pooling_type")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int PoolingType(LlamaContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_attach_threadpool")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void AttachThreadPool(LlamaContextHandle context, nint pool, nint batchPool);

    [LibraryImport(Library, EntryPoint = "llama_detach_threadpool")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void DetachThreadPool(LlamaContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_set_n_threads")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void SetThreads(LlamaContextHandle context, int threads, int batchThreads);

    [LibraryImport(Library, EntryPoint = "llama_get_memory")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint GetMemory(LlamaContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_memory_clear")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void MemoryClear(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_rm")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool MemorySequenceRemove(nint memory, int sequence, int from, int to);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_cp")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void MemorySequenceCopy(nint memory, int source, int destination, int from, int to);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_pos_min")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int MemorySequenceFirst(nint memory, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_pos_max")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int MemorySequenceLast(nint memory, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_state_seq_get_size")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint StateSequenceSize(LlamaContextHandle context, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_state_seq_get_data")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint StateSequenceGet(LlamaContextHandle context, byte* destination, nuint size, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_state_seq_set_data")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint StateSequenceSet(LlamaContextHandle context, byte* source, nuint size, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_adapter_lora_init", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint AdapterLoraInit(LlamaModelHandle model, string path);

    [LibraryImport(Library, EntryPoint = "llama_set_adapters_lora")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int SetAdaptersLora(LlamaContextHandle context, nint* adapters, nuint count, float* scales);

    [LibraryImport(Library, EntryPoint = "llama_encode")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Encode(LlamaContextHandle context, LlamaBatch batch);

    [LibraryImport(Library, EntryPoint = "llama_decode")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int Decode(LlamaContextHandle context, LlamaBatch batch);

    [LibraryImport(Library, EntryPoint = "llama_get_logits_ith")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial float* GetLogits(LlamaContextHandle context, int index);

    [LibraryImport(Library, EntryPoint = "llama_get_embeddings_seq")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial float* GetSequenceEmbedding(LlamaContextHandle context, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_sampler_free")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void SamplerFree(nint sampler);
}
