using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.Gguf;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Engine;

/// <summary>A native context for generation, used by one thread at a time.</summary>
internal sealed unsafe class DecodeContext : IDisposable
{
    private readonly EngineOptions _options;
    private readonly int _vocabulary;
    private LlamaContextHandle _handle;
    private nint _memory;
    private int _sequences;
    private bool _wasAbandoned;
    private readonly Lock _adapterGate;
    private readonly AdapterSet _noAdapters;
    private bool _laysOut;
    private int* _abort;

    public DecodeContext(LlamaModel model, EngineOptions options, AdapterSet? noAdapters = null)
    {
        _options = options;
        _vocabulary = model.VocabularySize;
        _adapterGate = model.AdapterGate;
        Adapters = _noAdapters = noAdapters ?? new AdapterSets(model).None;
        _abort = (int*)NativeMemory.AllocZeroed(sizeof(int));
        try
        {
            Open(model);
        }
        catch
        {
            NativeMemory.Free(_abort);
            throw;
        }
    }

    /// <summary>KV cells, as llama.cpp rounded them.</summary>
    public int Cells { get; private set; }

    /// <summary>KV cells that one sequence can have.</summary>
    public int SequenceCells { get; private set; }

    /// <summary>Whether a cell can be several sequences'.</summary>
    public bool SharesCells => _options.KvLayout == KvLayout.Unified;

    /// <summary>Most tokens a decode may have.</summary>
    public int StepTokens { get; private set; }

    /// <summary>Most logits that a decode may ask for.</summary>
    public int Outputs { get; private set; }

    /// <summary>Whether it keeps KV, without which nothing can be generated (BERT and its like).</summary>
    public bool HasMemory => _memory != 0;

    /// <summary>Leaves the native context to a thread that will never come back from it: it is not called and not freed any more.</summary>
    public void Abandon()
    {
        _wasAbandoned = true;
        _handle.Abandon();
    }

    /// <summary>A new native context in the place of the old one, with nothing in its memory.</summary>
    /// <exception cref="LlamaException">llama.cpp could not make one.</exception>
    public void Renew(LlamaModel model)
    {
        _handle.Dispose();
        Open(model);
    }

    /// <summary>Tokens of the model.</summary>
    public int Vocabulary => _vocabulary;

    /// <summary>Computes with so many threads from the next decode on.</summary>
    public void UseThreads(int count) => _handle.UseThreads(count, !_options.ThreadsWithoutPool);

    /// <summary>Runs a batch. Returns llama.cpp's result: 0 done, 1 no room, 2 aborted, -1 wrong batch, below -1 failed.</summary>
    public int Decode(BatchBuffer batch)
    {
        if (batch.Count == 0 || batch.Count > StepTokens)
            throw new InvalidOperationException($"A decode takes 1 to {StepTokens} tokens, not {batch.Count}.");
        if (batch.Outputs > Outputs)
            throw new InvalidOperationException($"A decode gives the logits of {Outputs} tokens at most, not of {batch.Outputs}.");
        if (_options.Faults?.BeforeDecode?.Invoke(batch) is { } fault and not 0)
            return fault;
        StepsWithAdapters++;
        if (!_laysOut)
            return LlamaNative.Decode(_handle, batch.ToNative());
        _laysOut = false;
        lock (_adapterGate)
            return LlamaNative.Decode(_handle, batch.ToNative());
    }

    /// <summary>The adapters that a decode is computed with.</summary>
    public AdapterSet Adapters { get; private set; }

    /// <summary>Decodes since these adapters were applied.</summary>
    public int StepsWithAdapters { get; private set; }

    /// <summary>Has decodes computed with these adapters from now on. False when they are already. The next decode lays its graph out anew.</summary>
    public bool Apply(AdapterSet adapters)
    {
        if (adapters == Adapters)
            return false;
        fixed (nint* handles = adapters.Handles)
        fixed (float* scales = adapters.Scales)
        {
            if (LlamaNative.SetAdaptersLora(_handle, handles, (nuint)adapters.Handles.Length, scales) != 0)
                throw new LlamaException(LlamaError.EngineFailed, $"llama.cpp did not take the adapters ({adapters}): its log says why; load the model again.");
        }
        (Adapters, StepsWithAdapters, _laysOut) = (adapters, 0, true);
        return true;
    }

    /// <summary>The logits of a batch index that asked for them; they stay valid until the next decode.</summary>
    public Span<float> Logits(int index)
    {
        var logits = LlamaNative.GetLogits(_handle, index);
        return logits is null ? throw new InvalidOperationException($"The batch has no logits at {index}.") : new Span<float>(logits, _vocabulary);
    }

    /// <summary>Drops the KV of a sequence from a position on. False when the model's memory cannot be cut there; then nothing was dropped.</summary>
    public bool Truncate(int sequence, int position) => LlamaNative.MemorySequenceRemove(_memory, Checked(sequence), position, -1);

    /// <summary>Drops the KV of a sequence before a position. False when the model's memory cannot be cut there; then nothing was dropped.</summary>
    public bool RemoveBefore(int sequence, int position) => LlamaNative.MemorySequenceRemove(_memory, Checked(sequence), 0, position);

    /// <summary>Drops all KV of a sequence.</summary>
    public void Remove(int sequence) => _ = LlamaNative.MemorySequenceRemove(_memory, Checked(sequence), -1, -1);

    /// <summary>Drops the KV of all sequences and overwrites it.</summary>
    public void Clear() => LlamaNative.MemoryClear(_memory, data: true);

    /// <summary>Makes the cells of a sequence at positions from <paramref name="start"/> to before <paramref name="end"/> another's, too. The other must have none there.</summary>
    public void Share(int from, int to, int start, int end)
    {
        // llama.cpp ends the process on a part when the KV is not unified.
        if (!SharesCells || start < 0 || end <= start || Checked(from) == Checked(to))
            throw new InvalidOperationException($"The positions {start} to {end} of sequence {from} cannot be shared with {to}.");
        LlamaNative.MemorySequenceCopy(_memory, from, to, start, end);
    }

    /// <summary>Makes all cells of a sequence another's, too, which must have none.</summary>
    public void ShareAll(int from, int to)
    {
        if (!SharesCells || Checked(from) == Checked(to))
            throw new InvalidOperationException($"Sequence {from} cannot be shared with {to}.");
        LlamaNative.MemorySequenceCopy(_memory, from, to, -1, -1);
    }

    /// <summary>Copies the first KV of a sequence to another, in the place of what that one has. False, and then the other has none, when llama.cpp refuses it.</summary>
    /// <remarks>
    /// Through its saved state: llama.cpp puts a copy between caches off until the next decode, so that what happens to either of them before that would be in it, and it copies the whole cache.
    /// </remarks>
    public bool Copy(int from, int to, int end)
    {
        if (end <= 0 || Checked(from) == Checked(to))
            throw new InvalidOperationException($"The first {end} positions of sequence {from} cannot be copied to {to}.");
        Remove(to);
        if (Save(from) is not { } state || !Restore(to, state))
            return false;
        if (LastPosition(to) < end || Truncate(to, end))
            return true;
        Remove(to);
        return false;
    }

    /// <summary>The first position of a sequence; -1 when it is empty.</summary>
    public int FirstPosition(int sequence) => LlamaNative.MemorySequenceFirst(_memory, Checked(sequence));

    /// <summary>The last position of a sequence; -1 when it is empty.</summary>
    public int LastPosition(int sequence) => LlamaNative.MemorySequenceLast(_memory, Checked(sequence));

    /// <summary>The KV of a sequence as bytes; null when llama.cpp does not give them.</summary>
    public byte[]? Save(int sequence)
    {
        var size = LlamaNative.StateSequenceSize(_handle, Checked(sequence));
        if (size == 0 || size > (nuint)Array.MaxLength)
            return null;
        var state = GC.AllocateUninitializedArray<byte>((int)size);
        fixed (byte* destination = state)
            return LlamaNative.StateSequenceGet(_handle, destination, size, sequence) == size ? state : null;
    }

    /// <summary>Brings saved KV back under a sequence id that has none. False when llama.cpp refuses it.</summary>
    public bool Restore(int sequence, ReadOnlySpan<byte> state)
    {
        fixed (byte* source = state)
        {
            if (LlamaNative.StateSequenceSet(_handle, source, (nuint)state.Length, Checked(sequence)) != 0)
                return true;
        }
        Remove(sequence);
        return false;
    }

    /// <summary>Makes a running decode return early; for disposal. Safe from any thread until then.</summary>
    public void Abort()
    {
        if (_abort is not null)
            Volatile.Write(ref *_abort, 1);
    }

    public void Dispose()
    {
        _handle.Dispose();
        // A context that was abandoned may look at it for as long as the process lives.
        if (!_wasAbandoned)
            NativeMemory.Free(_abort);
        _abort = null;
    }

    [MemberNotNull(nameof(_handle))]
    private void Open(LlamaModel model)
    {
        var cells = _options.CellsFor(model);
        var parameters = LlamaNative.ContextDefaultParams();
        parameters.ContextCells = (uint)cells;
        parameters.BatchTokens = (uint)_options.StepTokens;
        parameters.MicroBatchTokens = (uint)_options.StepTokens;
        parameters.MaxSequences = (uint)_options.SequencesFor(model);
        // llama.cpp ends the process when this is below the number of sequences, which the default, the batch size, may be.
        parameters.MaxOutputs = (uint)_options.OutputsFor(model);
        parameters.UnifiedKv = SharesCells ? (byte)1 : (byte)0;
        if (_options.FullPrecisionAttention)
        {
            parameters.KeyType = parameters.ValueType = (int)GgmlType.F32;
            // llama.cpp's fused attention computes in F16 whatever the KV is kept in.
            parameters.FlashAttentionType = 0;
        }
        parameters.NoPerf = 1;
        parameters.AbortCallback = &OnAbortAsked;
        parameters.AbortCallbackUserData = _abort;

        using var log = LlamaLog.Capture();
        lock (_adapterGate)
            _handle = _options.Faults?.RefusesContext?.Invoke(model) == true ? new LlamaContextHandle() : LlamaNative.InitFromModel(model.Handle, parameters);
        (Adapters, StepsWithAdapters, _laysOut) = (_noAdapters, 0, false);
        if (_handle.IsInvalid)
        {
            _handle.Dispose();
            throw new LlamaException(
                LlamaError.EngineFailed,
                $"llama.cpp could not make a context of {cells} cells for the model '{model.Name}'{log.Because()}: it may need more memory than there is, so ask for fewer cells.");
        }
        _handle.Bind(model.Handle);
        UseThreads(_options.ComputeThreads);
        _memory = LlamaNative.GetMemory(_handle);
        Cells = (int)LlamaNative.ContextCells(_handle);
        _sequences = (int)LlamaNative.MaxSequences(_handle);
        SequenceCells = SharesCells ? Cells : Cells / _sequences;
        Outputs = (int)parameters.MaxOutputs;
        StepTokens = (int)Math.Min(LlamaNative.BatchTokens(_handle), (uint)_options.StepTokens);
    }

    /// <summary>llama.cpp ends the process on an id that is out of range.</summary>
    private int Checked(int sequence) => (uint)sequence < (uint)_sequences
        ? sequence
        : throw new InvalidOperationException($"The context has the sequences 0 to {_sequences - 1}, not {sequence}.");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnAbortAsked(void* flag) => Volatile.Read(ref *(int*)flag) != 0 ? (byte)1 : (byte)0;
}
