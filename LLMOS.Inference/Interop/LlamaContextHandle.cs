using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>Owns a <c>llama_context</c>, and keeps its model alive meanwhile.</summary>
internal sealed class LlamaContextHandle() : SafeHandle(0, ownsHandle: true)
{
    private LlamaModelHandle? _model;
    private ThreadPoolHandle? _threads;

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the model outlive this context.</summary>
    public void Bind(LlamaModelHandle model)
    {
        var added = false;
        model.DangerousAddRef(ref added);
        _model = model;
    }

    /// <summary>Computes with so many threads, which sleep between two decodes. Not while one is running.</summary>
    /// <param name="count">Threads, of which the one that decodes is one.</param>
    /// <param name="pooled">False for llama.cpp's own way, which starts and ends them with each decode.</param>
    public void UseThreads(int count, bool pooled = true)
    {
        LlamaNative.DetachThreadPool(this);
        _threads?.Dispose();
        LlamaNative.SetThreads(this, count, count);
        _threads = pooled ? ThreadPoolHandle.Create(count) : null;
        if (_threads is { } threads)
            LlamaNative.AttachThreadPool(this, threads.DangerousGetHandle(), 0);
    }

    /// <summary>A thread will stand in it for as long as the process lives: neither it nor its threads are freed, nor is its model.</summary>
    public void Abandon()
    {
        _threads?.SetHandleAsInvalid();
        SetHandleAsInvalid();
    }

    protected override bool ReleaseHandle()
    {
        LlamaNative.Free(handle);
        _threads?.Dispose();
        _model?.DangerousRelease();
        return true;
    }
}
