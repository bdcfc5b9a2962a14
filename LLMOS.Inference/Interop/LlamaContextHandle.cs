using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>Owns a <c>llama_context</c>, and keeps its model alive meanwhile.</summary>
internal sealed class LlamaContextHandle() : SafeHandle(0, ownsHandle: true)
{
    private LlamaModelHandle? _model;

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the model outlive this context.</summary>
    public void Bind(LlamaModelHandle model)
    {
        var added = false;
        model.DangerousAddRef(ref added);
        _model = model;
    }

    protected override bool ReleaseHandle()
    {
        LlamaNative.Free(handle);
        _model?.DangerousRelease();
        return true;
    }
}
