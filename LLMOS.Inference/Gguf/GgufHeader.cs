namespace LLMOS.Inference.Gguf;

/// <summary>Parses a header with the limits that llama.cpp v0.5.0 sets, and a few tighter ones against hostile files.</summary>
internal sealed class GgufHeader(GgufCursor cursor, string path, long fileLength)
{
    private const uint Magic = 0x46554747;
    private const int DefaultAlignment = 32;
    private const int MaximumKeyBytes = 65_535;
    private const int MaximumTensorNameBytes = 63;
    private const int MaximumKeptStringBytes = 1 << 20;
    private const long MaximumKeptBytes = 16 << 20;
    private const int MaximumKeys = 65_536;
    private const int MaximumTensors = 262_144;
    private const long MaximumArrayStrings = 16_777_216;

    private long _kept;

    public GgufFile Read()
    {
        if (fileLength < 4 || cursor.ReadUInt32() != Magic)
            throw new GgufException(GgufProblem.NotGguf, $"{path} is not a GGUF file: it does not begin with 'GGUF'; name a model in that format.");
        var version = cursor.ReadUInt32();
        if (version is not (2 or 3))
            throw new GgufException(GgufProblem.UnsupportedVersion, Version(version));
        var tensorCount = Count("tensors", MaximumTensors);
        var keyCount = Count("metadata keys", MaximumKeys);
        var metadata = new Dictionary<string, GgufValue>(StringComparer.Ordinal);
        for (var i = 0; i < keyCount; i++)
            ReadPair(metadata);
        var alignment = Alignment(metadata);
        var tensors = new List<GgufTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tensorCount; i++)
        {
            var tensor = ReadTensor();
            var expected = i == 0 ? 0 : Align(tensors[^1].Offset + tensors[^1].Bytes, alignment);
            if (!names.Add(tensor.Name))
                throw Malformed($"there are two tensors named {Printable(tensor.Name)}");
            if (tensor.Offset != expected)
                throw Malformed($"the tensor {Printable(tensor.Name)} says it begins at byte {(ulong)tensor.Offset} of the data, where {expected} should be");
            tensors.Add(tensor);
        }

        return new GgufFile(path, fileLength, version, metadata, tensors, Align(cursor.Position, alignment));
    }

    private string Version(uint version) => version switch
    {
        1 => $"{path} is GGUF version 1, which llama.cpp no longer reads; convert it, or fetch a newer file.",
        _ when (version & 0xFFFF) == 0 && version != 0 => $"{path} is a big-endian GGUF file, which this machine does not read; fetch the little-endian one.",
        _ => $"{path} is GGUF version {version}, and versions 2 and 3 can be read; fetch another file or a newer LLMOS.",
    };

    private long Count(string what, int most)
    {
        var count = cursor.ReadUInt64();
        return count <= (ulong)most ? (long)count : throw Malformed($"it says that it has {count} {what}, and {most} are the most");
    }

    private void ReadPair(Dictionary<string, GgufValue> metadata)
    {
        var length = cursor.ReadStringLength("a metadata key");
        if (length is 0 or > MaximumKeyBytes)
            throw Malformed($"a metadata key is {length} bytes long, and 1 to {MaximumKeyBytes} are possible");
        var key = ReadKept((int)length);
        var type = (GgufValueType)cursor.ReadUInt32();
        var value = type == GgufValueType.Array ? ReadArray(key) : ReadScalar(key, type);
        if (!metadata.TryAdd(key, value))
            throw Malformed($"the metadata key {Printable(key)} is there twice");
    }

    private GgufValue ReadScalar(string key, GgufValueType type) => new(type, type switch
    {
        GgufValueType.UInt8 => cursor.ReadByte(),
        GgufValueType.Int8 => (sbyte)cursor.ReadByte(),
        GgufValueType.UInt16 => cursor.ReadUInt16(),
        GgufValueType.Int16 => (short)cursor.ReadUInt16(),
        GgufValueType.UInt32 => cursor.ReadUInt32(),
        GgufValueType.Int32 => (int)cursor.ReadUInt32(),
        GgufValueType.UInt64 => cursor.ReadUInt64(),
        GgufValueType.Int64 => (long)cursor.ReadUInt64(),
        GgufValueType.Float32 => BitConverter.UInt32BitsToSingle(cursor.ReadUInt32()),
        GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(cursor.ReadUInt64()),
        GgufValueType.Bool => cursor.ReadByte() != 0,
        GgufValueType.String => ReadString(key),
        _ => throw Malformed($"the metadata key {Printable(key)} has the type {(uint)type}, which there is not"),
    });

    private string? ReadString(string key)
    {
        var length = cursor.ReadStringLength($"the value of {Printable(key)}");
        if (length <= MaximumKeptStringBytes)
            return ReadKept((int)length);
        cursor.Skip(length, key);
        return null;
    }

    private GgufValue ReadArray(string key)
    {
        var type = (GgufValueType)cursor.ReadUInt32();
        var count = cursor.ReadUInt64();
        var what = $"the array {Printable(key)}";
        var width = type switch
        {
            GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
            GgufValueType.UInt16 or GgufValueType.Int16 => 2,
            GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
            GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 or GgufValueType.String => 8,
            _ => throw Malformed($"{what} has elements of the type {(uint)type}, which there is not"),
        };
        if (count > (ulong)(cursor.Remaining / width))
            throw new GgufException(GgufProblem.Truncated, $"{path} is truncated or damaged: {what} says it has {count} elements, and {cursor.Remaining} bytes are left; fetch it again.");
        if (type != GgufValueType.String)
        {
            cursor.Skip((long)count * width, what);
        }
        else
        {
            if (count > MaximumArrayStrings)
                throw Malformed($"{what} says it has {count} strings, and {MaximumArrayStrings} are the most");
            var element = $"a string in {what}";
            for (var i = 0UL; i < count; i++)
                cursor.Skip(cursor.ReadStringLength(element), element);
        }

        return new GgufValue(GgufValueType.Array, null, type, (long)count);
    }

    private GgufTensor ReadTensor()
    {
        var length = cursor.ReadStringLength("a tensor's name");
        if (length > MaximumTensorNameBytes)
            throw Malformed($"a tensor's name is {length} bytes long, and {MaximumTensorNameBytes} are the most");
        var name = cursor.ReadText((int)length);
        var rank = cursor.ReadUInt32();
        if (rank > 4)
            throw Malformed($"the tensor {Printable(name)} has {rank} dimensions, and 4 are the most");
        var dimensions = new long[rank];
        UInt128 elements = 1;
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = (long)cursor.ReadUInt64();
            if (dimensions[i] < 0 || (elements *= (ulong)dimensions[i]) >= long.MaxValue)
                throw Malformed($"the tensor {Printable(name)} has more elements than there can be");
        }

        var type = (GgmlType)cursor.ReadUInt32();
        if (!GgmlTypeGeometry.TryGet(type, out var geometry))
            throw Malformed($"the tensor {Printable(name)} has the type {(uint)type}, which llama.cpp v0.5.0 does not read");
        if ((rank == 0 ? 1 : dimensions[0]) % geometry.BlockLength != 0)
            throw Malformed($"the tensor {Printable(name)} has rows of {dimensions.FirstOrDefault(1)} elements, and {type} packs {geometry.BlockLength} at a time");
        var bytes = elements / (ulong)geometry.BlockLength * (ulong)geometry.BlockBytes;
        var offset = cursor.ReadUInt64();
        if (bytes > long.MaxValue / 4 || offset > long.MaxValue / 4)
            throw Malformed($"the tensor {Printable(name)} says it lies at byte {offset} and takes {bytes} bytes, more than a file can hold");
        return new GgufTensor(name, type, dimensions, (long)offset, (long)bytes);
    }

    private string ReadKept(int length)
    {
        _kept += length;
        return _kept <= MaximumKeptBytes
            ? cursor.ReadText(length)
            : throw Malformed($"its metadata is longer than {MaximumKeptBytes} bytes");
    }

    private long Alignment(Dictionary<string, GgufValue> metadata)
    {
        if (!metadata.TryGetValue("general.alignment", out var value))
            return DefaultAlignment;
        return value is { Type: GgufValueType.UInt32, WholeNumber: > 0 and var alignment } && (alignment & (alignment - 1)) == 0
            ? alignment
            : throw Malformed("its general.alignment is not a power of two");
    }

    private GgufException Malformed(string what) => new(GgufProblem.Malformed, $"{path} is damaged: {what}; fetch it again.");

    private static long Align(long position, long alignment) => (position + alignment - 1) / alignment * alignment;

    /// <summary>A name from the file as it can stand in a sentence: short, without control characters.</summary>
    private static string Printable(string name)
    {
        var start = name.Length <= 64 ? name : name[..64] + "…";
        return $"'{string.Concat(start.Select(character => char.IsControl(character) ? '?' : character))}'";
    }
}
