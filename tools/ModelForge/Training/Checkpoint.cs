using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace ModelForge.Training;

/// <summary>
/// A training on disk: a header, the parameters and both moments, and a SHA-256 of all of it. A new one replaces the old one only
/// when it is complete, and the old one stays beside it as <c>.previous</c>.
/// </summary>
internal static class Checkpoint
{
    private const int HashLength = 32;
    private const int GreatestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "LLMOS training 1"u8;

    /// <summary>The name of the checkpoint before this one.</summary>
    public static string Previous(string path) => path + ".previous";

    /// <summary>Writes a checkpoint.</summary>
    /// <exception cref="CheckpointException">It cannot be written; the one before stays.</exception>
    public static void Save(string path, TrainingState state)
    {
        var partial = path + ".partial";
        try
        {
            using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                Write(file, state);
                file.Flush(flushToDisk: true);
            }

            if (File.Exists(path))
                File.Move(path, Previous(path), overwrite: true);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TryDelete(partial);
            throw new CheckpointException(
                $"The checkpoint {path} could not be written ({failure.Message}). The last good one stays; make room and give the same command again to go on from it.", failure);
        }
    }

    /// <summary>Reads a checkpoint of the training that <paramref name="identity"/> describes.</summary>
    /// <exception cref="CheckpointException">It is damaged, or of another training.</exception>
    public static TrainingState Load(string path, TrainingIdentity identity)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return Read(path, file, identity);
        }
        catch (Exception failure) when (failure is JsonException or EndOfStreamException)
        {
            throw Damaged(path, failure);
        }
        catch (Exception failure) when (failure is IOException and not CheckpointException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The checkpoint {path} could not be read: {failure.Message}", failure);
        }
    }

    private static void Write(FileStream file, TrainingState state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(state.Identity, state.Step, state.Tokens, state.Position, state.Elapsed));
        Put(Magic);
        Put(BitConverter.GetBytes(header.Length));
        Put(header);
        foreach (var floats in Arrays(state))
            Put(MemoryMarshal.AsBytes(floats.Span));
        file.Write(hash.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            file.Write(bytes);
        }
    }

    private static TrainingState Read(string path, FileStream file, TrainingIdentity identity)
    {
        // First of all: of a header that was damaged nothing is to be believed.
        if (!IsWhole(file))
            throw Damaged(path);
        Span<byte> magic = stackalloc byte[Magic.Length];
        file.ReadExactly(magic);
        if (!magic.SequenceEqual(Magic))
            throw Damaged(path);
        Span<byte> length = stackalloc byte[sizeof(int)];
        file.ReadExactly(length);
        if (BitConverter.ToInt32(length) is not (> 0 and <= GreatestHeader) and var wrong)
            throw Damaged(path, new InvalidDataException($"a header of {wrong} bytes"));
        var bytes = new byte[BitConverter.ToInt32(length)];
        file.ReadExactly(bytes);
        var header = JsonSerializer.Deserialize<Header>(bytes) ?? throw Damaged(path);
        Match(path, header.Identity, identity);

        var state = new TrainingState(identity)
        {
            Step = header.Step,
            Tokens = header.Tokens,
            Position = header.Position,
            Elapsed = header.Elapsed,
        };
        try
        {
            foreach (var floats in Arrays(state))
                file.ReadExactly(MemoryMarshal.AsBytes(floats.Span));
            if (file.Position + HashLength != file.Length)
                throw Damaged(path);
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file ends with the hash of what stands before; it is read on from its beginning.</summary>
    private static bool IsWhole(FileStream file)
    {
        if (file.Length < HashLength)
            return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (var left = file.Length - HashLength; left > 0;)
        {
            var read = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.ReadExactly(read);
            hash.AppendData(read);
            left -= read.Length;
        }

        Span<byte> stored = stackalloc byte[HashLength];
        file.ReadExactly(stored);
        file.Position = 0;
        return stored.SequenceEqual(hash.GetHashAndReset());
    }

    private static void Match(string path, TrainingIdentity found, TrainingIdentity wanted)
    {
        if (found.CorpusSeed != wanted.CorpusSeed)
            throw new CheckpointException(
                $"The checkpoint {path} was trained on the corpus of seed {found.CorpusSeed}, and seed {wanted.CorpusSeed} gives another corpus and vocabulary; give --seed {found.CorpusSeed} to go on, or another --work folder to begin anew.");
        if (found.Vocabulary != wanted.Vocabulary)
            throw new CheckpointException(
                $"The checkpoint {path} was trained with another vocabulary ({found.Vocabulary[..12]}… and not {wanted.Vocabulary[..12]}…); put its vocabulary back, or give another --work folder to begin anew.");
        if (found.Shape.Layers != wanted.Shape.Layers)
            throw new CheckpointException(
                $"The checkpoint {path} is of a model of {found.Shape.Layers} blocks, not {wanted.Shape.Layers}; give --layers {found.Shape.Layers} to go on, or another --work folder to begin anew.");
        if (found.Shape != wanted.Shape)
            throw new CheckpointException(
                $"The checkpoint {path} is of a model of another shape (width {found.Shape.Width} and feed-forward {found.Shape.FeedForward}, not {wanted.Shape.Width} and {wanted.Shape.FeedForward}); give another --work folder to begin anew.");
        if (found.Optimizer != wanted.Optimizer)
            throw new CheckpointException(
                $"The checkpoint {path} has the moments of {found.Optimizer}, not of {wanted.Optimizer}; give --optimizer {found.Optimizer} to go on, or another --work folder to begin anew.");
    }

    private static AlignedFloats[] Arrays(TrainingState state) => [state.Parameters, state.FirstMoments, state.SecondMoments];

    private static CheckpointException Damaged(string path, Exception? cause = null) =>
        new(File.Exists(Previous(path))
            ? $"The checkpoint {path} is damaged; the one before it is {Previous(path)}: rename that to {path} to go on from it."
            : $"The checkpoint {path} is damaged, and there is none before it; remove it to begin anew.",
            cause);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What is left over is overwritten by the next checkpoint.
        }
    }

    private sealed record Header(TrainingIdentity Identity, long Step, long Tokens, long Position, TimeSpan Elapsed);
}
