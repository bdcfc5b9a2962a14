using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>Owns a <c>llama_sampler</c>; a sampler that was added to a chain belongs to the chain (<see cref="Disown"/>).</summary>
internal sealed class LlamaSamplerHandle() : SafeHandle(0, ownsHandle: true)
{
    private LlamaModelHandle? _model;

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the model, whose vocabulary a grammar reads, outlive this sampler.</summary>
    public void Bind(LlamaModelHandle model)
    {
        var added = false;
        model.DangerousAddRef(ref added);
        _model = model;
    }

    /// <summary>Gives the native object away.</summary>
    public nint Disown()
    {
        var sampler = handle;
        SetHandleAsInvalid();
        return sampler;
    }

    protected override bool ReleaseHandle()
    {
        LlamaNative.SamplerFree(handle);
        _model?.DangerousRelease();
        return true;
    }
}
