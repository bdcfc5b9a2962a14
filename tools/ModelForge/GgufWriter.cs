using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text;
using LLMOS.Inference.Gguf;
using Microsoft.Win32.SafeHandles;

namespace ModelForge;

/// <summary>
/// Writes GGUF version 3 files: metadata first, then tensors whose rows are asked for while they are written, in parallel, so
/// that a model never has to lie in memory. A file appears under its name only when it is complete.
/// </summary>
public sealed class GgufWriter
{
    private const int Alignment = 32;
    private const int ElementsPerChunk = 1 << 18;

    private readonly OrderedDictionary<string, Action<BinaryWriter>> _metadata = new(StringComparer.Ordinal);
    private readonly List<TensorPlan> _tensors = [];

    public void Add(string key, string value) => Add(key, GgufValueType.String, writer => WriteString(writer, value));

    public void Add(string key, uint value) => Add(key, GgufValueType.UInt32, writer => writer.Write(value));

    public void Add(string key, ulong value) => Add(key, GgufValueType.UInt64, writer => writer.Write(value));

    public void Add(string key, float value) => Add(key, GgufValueType.Float32, writer => writer.Write(value));

    public void Add(string key, bool value) => Add(key, GgufValueType.Bool, writer => writer.Write(value));

    public void Add(string key, IReadOnlyCollection<string> values) => Add(key, GgufValueType.String, values, WriteString);

    public void Add(string key, IReadOnlyCollection<int> values) =>
        Add(key, GgufValueType.Int32, values, static (writer, value) => writer.Write(value));

    public void Add(string key, IReadOnlyCollection<float> values) =>
        Add(key, GgufValueType.Float32, values, static (writer, value) => writer.Write(value));

    /// <summary>Adds a tensor of <paramref name="rows"/> rows of <paramref name="rowLength"/> elements (one row: a vector).</summary>
    /// <remarks><paramref name="fill"/> gives a row's values; it is called from several threads, in any order.</remarks>
    /// <exception cref="ArgumentException">A row is not a whole number of the type's blocks, or the name is taken.</exception>
    public void AddTensor(string name, GgmlType type, long rowLength, long rows, TensorRow fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rowLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        if (!BlockEncoder.Supports(type) || !GgmlTypeGeometry.TryGet(type, out var geometry))
            throw new ArgumentException($"Tensors are written as F32, F16, Q8_0 or Q4_0, not as {type}.", nameof(type));
        if (rowLength % geometry.BlockLength != 0)
            throw new ArgumentException($"Rows of {type} are a multiple of {geometry.BlockLength} long, and {name} has rows of {rowLength}.", nameof(rowLength));
        if (_tensors.Exists(tensor => tensor.Name == name))
            throw new ArgumentException($"The tensor {name} is there already.", nameof(name));

        var last = _tensors.Count == 0 ? null : _tensors[^1];
        var offset = last is null ? 0 : Align(last.Offset + last.Bytes);
        _tensors.Add(new TensorPlan(name, type, rowLength, rows, geometry.Bytes(rowLength), offset, fill));
    }

    /// <summary>Writes the file. Until the last byte is written it has another name, and if it fails that other file is removed.</summary>
    /// <exception cref="IOException">The path is a folder or in none, is not writable, or the disk is full; the message is one sentence.</exception>
    public void Write(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0'))
            throw new IOException($"'{path.Replace("\0", "\\0", StringComparison.Ordinal)}' is not the name of a file.");
        var target = Path.GetFullPath(path);
        if (Directory.Exists(target))
            throw new IOException($"{path} is a folder; name a file in it.");
        if (Path.GetDirectoryName(target) is not { } folder || !Directory.Exists(folder))
            throw new IOException($"{path} cannot be written because its folder does not exist; make the folder first.");

        var partial = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.partial");
        try
        {
            WritePartial(partial, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(partial, target, overwrite: true);
        }
        catch (Exception failure)
        {
            File.Delete(partial);
            if (failure is IOException or UnauthorizedAccessException)
                throw new IOException($"{path} could not be written: {failure.Message.Replace(partial, target, StringComparison.Ordinal)}", failure);
            throw;
        }
    }

    private void WritePartial(string partial, CancellationToken cancellationToken)
    {
        var header = Header();
        var length = header.LongLength + (_tensors.Count == 0 ? 0 : Align(_tensors[^1].Offset + _tensors[^1].Bytes));

        // With the whole length asked for at once, a disk that is too full says so before the work.
        using var file = File.OpenHandle(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);
        RandomAccess.Write(file, header, 0);
        foreach (var tensor in _tensors)
            WriteTensor(file, header.LongLength, tensor, cancellationToken);
        RandomAccess.SetLength(file, length);
    }

    private static void WriteTensor(SafeFileHandle file, long dataStart, TensorPlan tensor, CancellationToken cancellationToken)
    {
        var rowsPerChunk = (int)Math.Clamp(ElementsPerChunk / tensor.RowLength, 1, tensor.Rows);
        var chunks = (tensor.Rows + rowsPerChunk - 1) / rowsPerChunk;
        try
        {
            Parallel.For(0, chunks, new ParallelOptions { CancellationToken = cancellationToken }, chunk =>
            {
                var first = chunk * rowsPerChunk;
                var rows = (int)Math.Min(rowsPerChunk, tensor.Rows - first);
                var values = ArrayPool<float>.Shared.Rent((int)tensor.RowLength);
                var bytes = ArrayPool<byte>.Shared.Rent((int)(rows * tensor.RowBytes));
                var row = values.AsSpan(0, (int)tensor.RowLength);
                for (var i = 0; i < rows; i++)
                {
                    tensor.Fill(first + i, row);
                    BlockEncoder.Encode(tensor.Type, row, bytes.AsSpan((int)(i * tensor.RowBytes), (int)tensor.RowBytes));
                }

                RandomAccess.Write(file, bytes.AsSpan(0, (int)(rows * tensor.RowBytes)), dataStart + tensor.Offset + first * tensor.RowBytes);
                ArrayPool<float>.Shared.Return(values);
                ArrayPool<byte>.Shared.Return(bytes);
            });
        }
        catch (AggregateException failures) when (failures.InnerExceptions.Count > 0)
        {
            // A full disk fails several chunks at once; each says the same.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    private byte[] Header()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_metadata.Count);
        foreach (var write in _metadata.Values)
            write(writer);
        foreach (var tensor in _tensors)
        {
            WriteString(writer, tensor.Name);
            writer.Write(tensor.Rows == 1 ? 1u : 2u);
            writer.Write((ulong)tensor.RowLength);
            if (tensor.Rows != 1)
                writer.Write((ulong)tensor.Rows);
            writer.Write((uint)tensor.Type);
            writer.Write((ulong)tensor.Offset);
        }

        stream.SetLength(Align(stream.Length));
        return stream.ToArray();
    }

    private void Add<T>(string key, GgufValueType type, IReadOnlyCollection<T> values, Action<BinaryWriter, T> write) =>
        Add(key, GgufValueType.Array, writer =>
        {
            writer.Write((uint)type);
            writer.Write((ulong)values.Count);
            foreach (var value in values)
                write(writer, value);
        });

    private void Add(string key, GgufValueType type, Action<BinaryWriter> write)
    {
        var added = _metadata.TryAdd(key, writer =>
        {
            WriteString(writer, key);
            writer.Write((uint)type);
            write(writer);
        });
        if (!added)
            throw new ArgumentException($"The metadata key {key} is there already.", nameof(key));
    }

    private static void WriteString(BinaryWriter writer, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static long Align(long position) => (position + Alignment - 1) / Alignment * Alignment;

    private sealed record TensorPlan(string Name, GgmlType Type, long RowLength, long Rows, long RowBytes, long Offset, TensorRow Fill)
    {
        public long Bytes => RowBytes * Rows;
    }
}
