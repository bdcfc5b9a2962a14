using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LLMOS.Inference.KvCache;

/// <summary>
/// The format of KV outside of the process that saved it: a mark, the release, the model's name and fingerprint, the positions, the bytes of llama.cpp, and a SHA-256
/// over all of it. llama.cpp trusts what it is given, so nothing is given to it that was not checked.
/// </summary>
internal static class StateFile
{
    private const int HashBytes = 32;
    private const int MaxName = 1024;

    private static ReadOnlySpan<byte> Mark => "LLMOS-KV1"u8;

    /// <summary>Writes the state of the positions from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(Stream stream, StateOrigin origin, int start, int end, ReadOnlySpan<byte> state)
    {
        var head = Head(origin, start, end, state.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(state);
        stream.Write(head);
        stream.Write(state);
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Checks the bytes of a file and returns the state in it.</summary>
    /// <param name="bytes">All of the file.</param>
    /// <param name="origin">Whose state is wanted.</param>
    /// <param name="what">What is read, for the sentence.</param>
    /// <exception cref="StateException">It is damaged, or of another model or release.</exception>
    public static SavedState Read(ReadOnlyMemory<byte> bytes, StateOrigin origin, string what)
    {
        var span = bytes.Span;
        if (span.Length < Mark.Length + HashBytes || !span.StartsWith(Mark))
            throw new StateException(SwapFallback.Damaged, $"{what} is no saved state ({span.Length} bytes): compute the sequence again.");
        Span<byte> sum = stackalloc byte[HashBytes];
        SHA256.HashData(span[..^HashBytes], sum);
        if (!sum.SequenceEqual(span[^HashBytes..]))
            throw new StateException(SwapFallback.Damaged, $"{what} is damaged (its {span.Length} bytes do not have the hash that they were written with): compute the sequence again.");

        var reader = new Reader(span[..^HashBytes], Mark.Length);
        var (release, model) = (reader.Text(), reader.Text());
        var fingerprint = reader.Bytes(HashBytes);
        if (release != origin.Release)
            throw new StateException(SwapFallback.Foreign, $"{what} was saved by llama.cpp v{release}, and this is v{origin.Release}: compute the sequence again.");
        if (!fingerprint.SequenceEqual(origin.Fingerprint))
            throw new StateException(SwapFallback.Foreign, $"{what} was saved by the model '{model}', which is not the '{origin.Model}' that is loaded or keeps its KV in another way: compute the sequence again.");
        var (start, end, length) = (reader.Number(), reader.Number(), reader.Number());
        if (start < 0 || end < start || length != reader.Left)
            throw new StateException(SwapFallback.Damaged, $"{what} says that it has {length} bytes for the positions {start} to {end} and has {reader.Left}: compute the sequence again.");
        return new SavedState(start, end, bytes.Slice(reader.At, length));
    }

    private static byte[] Head(StateOrigin origin, int start, int end, int length)
    {
        var (release, model) = (Encoding.UTF8.GetBytes(origin.Release), Encoding.UTF8.GetBytes(origin.Model));
        if (model.Length > MaxName)
            model = model[..MaxName];
        using var head = new MemoryStream();
        head.Write(Mark);
        Number(head, release.Length);
        head.Write(release);
        Number(head, model.Length);
        head.Write(model);
        head.Write(origin.Fingerprint);
        Number(head, start);
        Number(head, end);
        Number(head, length);
        return head.ToArray();
    }

    private static void Number(MemoryStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    /// <summary>Reads on; what is beyond the end is empty or -1, since the hash says already that the bytes are as they were written.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes, int at)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int At { get; private set; } = at;

        public readonly int Left => _bytes.Length - At;

        public int Number() => Bytes(sizeof(int)) is { Length: sizeof(int) } number ? BinaryPrimitives.ReadInt32LittleEndian(number) : -1;

        public string Text() => Encoding.UTF8.GetString(Bytes(Number()));

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (count < 0 || count > Left)
                return [];
            At += count;
            return _bytes.Slice(At - count, count);
        }
    }
}
