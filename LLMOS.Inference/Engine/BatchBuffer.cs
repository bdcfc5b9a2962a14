using System.Runtime.InteropServices;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Engine;

/// <summary>The native arrays of a batch, allocated once. Refuses what llama.cpp would end the process for.</summary>
internal sealed unsafe class BatchBuffer : IDisposable
{
    private readonly int _capacity;
    private readonly int _vocabulary;
    private readonly int* _tokens;
    private readonly int* _positions;
    private readonly int* _idCounts;
    private readonly int* _ids;
    private readonly int** _idPointers;
    private readonly sbyte* _outputs;
    private bool _disposed;

    public BatchBuffer(int capacity, int vocabulary)
    {
        _capacity = capacity;
        _vocabulary = vocabulary;
        _tokens = Allocate<int>(capacity);
        _positions = Allocate<int>(capacity);
        _idCounts = Allocate<int>(capacity);
        _ids = Allocate<int>(capacity);
        _outputs = Allocate<sbyte>(capacity);
        _idPointers = (int**)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(int*));
        for (var i = 0; i < capacity; i++)
        {
            _idCounts[i] = 1;
            _idPointers[i] = _ids + i;
        }
    }

    public int Count { get; private set; }

    /// <summary>Tokens whose logits or embeddings are asked for.</summary>
    public int Outputs { get; private set; }

    public ReadOnlySpan<int> Tokens => new(_tokens, Count);

    public void Clear() => Count = Outputs = 0;

    /// <summary>Adds a token and returns its index, by which its logits are found.</summary>
    public int Add(int token, int position, int sequence, bool output)
    {
        if (Count >= _capacity || (uint)token >= (uint)_vocabulary || position < 0 || (uint)sequence >= EngineOptions.SequenceLimit)
            throw new InvalidOperationException($"A batch of {_capacity} tokens cannot take token {token} of sequence {sequence} at {position} as its {Count + 1}th.");
        _tokens[Count] = token;
        _positions[Count] = position;
        _ids[Count] = sequence;
        _outputs[Count] = output ? (sbyte)1 : (sbyte)0;
        Outputs += output ? 1 : 0;
        return Count++;
    }

    public LlamaBatch ToNative()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new LlamaBatch
        {
            TokenCount = Count,
            Tokens = _tokens,
            Positions = _positions,
            SequenceIdCounts = _idCounts,
            SequenceIds = _idPointers,
            Logits = _outputs,
        };
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        NativeMemory.Free(_tokens);
        NativeMemory.Free(_positions);
        NativeMemory.Free(_idCounts);
        NativeMemory.Free(_ids);
        NativeMemory.Free(_outputs);
        NativeMemory.Free(_idPointers);
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.Alloc((nuint)count, (nuint)sizeof(T));
}
