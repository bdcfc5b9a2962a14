using System.Globalization;
using System.Runtime.InteropServices;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Silo.Embeddings;

/// <summary>
/// Keeps flat indexes as segments in a folder beside the store, one file a shard: a header, the vectors in blocks, and behind them ids, groups, scales and a checksum of each block. A segment is
/// written whole under another name and renamed, so that there is the old one or the new one. What is damaged or of another log is not used: the index is made from the log.
/// </summary>
internal sealed partial class SegmentIndexes(string folder, ILogger<SegmentIndexes> logger) : IVectorIndexes
{
    private const string Suffix = ".seg";

    /// <inheritdoc />
    public KeptIndex Open(IVectorLog log, int shard, int shards)
    {
        var path = PathOf(log, shard);
        MappedSegment? segment = null;
        try
        {
            if (!File.Exists(path))
                return Empty(log);
            segment = new MappedSegment(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            if (Load(segment, log, shard, shards) is { } kept)
                return kept;
            LogDamaged(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogUnread(exception, path);
        }

        segment?.Dispose();
        return Renew(log, shard, shards);
    }

    /// <inheritdoc />
    public KeptIndex Renew(IVectorLog log, int shard, int shards)
    {
        try
        {
            File.Delete(PathOf(log, shard));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is looked at and found wrong again, or replaced.
            LogUnread(exception, PathOf(log, shard));
        }
        return Empty(log);
    }

    /// <inheritdoc />
    public void Keep(IVectorLog log, int shard, int shards, KeptIndex index)
    {
        if (index.Index is not FlatVectorIndex flat)
            return;
        var path = PathOf(log, shard);
        try
        {
            Directory.CreateDirectory(folder);
            var partial = path + ".new";
            using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                Write(file, log, shard, shards, flat, index.Read, index.Removed);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(exception, path);
        }
    }

    /// <inheritdoc />
    public bool Remove(string identity, int shards)
    {
        try
        {
            for (var shard = 0; shard < shards; shard++)
                File.Delete(PathOf(identity, shard));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start sweeps it away.
            LogUnread(exception, PathOf(identity, 0));
        }
        return true;
    }

    /// <summary>Removes what is of logs that are there no more, and what was not written to its end.</summary>
    /// <param name="identities">The identities of the logs that are there.</param>
    public void Sweep(IEnumerable<string> identities)
    {
        try
        {
            var names = identities.Select(NameOf).ToHashSet(StringComparer.Ordinal);
            foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
            {
                var name = Path.GetFileName(file);
                if (!name.EndsWith(Suffix, StringComparison.Ordinal) || !names.Contains(name[..Math.Max(0, name.LastIndexOf('-'))]))
                    File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnread(exception, folder);
        }
    }

    private static KeptIndex Empty(IVectorLog log) => new(new FlatVectorIndex(log.Dimension));

    private static void Write(FileStream file, IVectorLog log, int shard, int shards, FlatVectorIndex index, long read, long removed)
    {
        var checks = new uint[index.Blocks];
        file.Position = SegmentHeader.Size;
        for (var block = 0; block < index.Blocks; block++)
        {
            var bytes = MemoryMarshal.AsBytes(index.Block(block));
            checks[block] = SegmentHeader.Check(bytes);
            file.Write(bytes);
        }

        var tables = Append(file, MemoryMarshal.AsBytes(index.Ids), uint.MaxValue);
        tables = Append(file, MemoryMarshal.AsBytes(index.Groups), tables);
        tables = Append(file, MemoryMarshal.AsBytes(index.Scales), tables);
        tables = Append(file, MemoryMarshal.AsBytes<uint>(checks), tables);

        var page = new byte[SegmentHeader.Size];
        new SegmentHeader(log.Identity, index.Dimension, shard, shards, index.Count, read, removed, tables).Write(page);
        file.Position = 0;
        file.Write(page);
    }

    private static uint Append(FileStream file, ReadOnlySpan<byte> table, uint check)
    {
        file.Write(table);
        return SegmentHeader.Check(table, check);
    }

    private static KeptIndex? Load(MappedSegment segment, IVectorLog log, int shard, int shards)
    {
        if (segment.Length < SegmentHeader.Size
            || SegmentHeader.Parse(segment.Bytes(0, SegmentHeader.Size), log.Identity, log.Dimension, shard, shards) is not { } header)
        {
            return null;
        }

        var blocks = (header.Count + FlatVectorIndex.BlockSize - 1) / FlatVectorIndex.BlockSize;
        var blockBytes = FlatVectorIndex.BlockSize * header.Dimension;
        var tables = SegmentHeader.Size + ((long)header.Count * header.Dimension);
        var idBytes = header.Count * sizeof(long);
        var tableBytes = (2L * idBytes) + (header.Count * sizeof(float)) + (blocks * sizeof(uint));
        if (segment.Length != tables + tableBytes || tableBytes > int.MaxValue)
            return null;
        ReadOnlySpan<byte> table = segment.Bytes(tables, (int)tableBytes);

        // In the parts in which they were written, since the checksum takes eight bytes at a time.
        var ids = table[..idBytes];
        var groups = table[idBytes..(2 * idBytes)];
        var scales = table.Slice(2 * idBytes, header.Count * sizeof(float));
        var checks = table[((2 * idBytes) + (header.Count * sizeof(float)))..];
        var check = SegmentHeader.Check(checks, SegmentHeader.Check(scales, SegmentHeader.Check(groups, SegmentHeader.Check(ids))));
        if (check != header.TablesCheck)
            return null;

        var vectors = new List<Memory<sbyte>>(blocks);
        for (var block = 0; block < blocks; block++)
        {
            var offset = SegmentHeader.Size + ((long)block * blockBytes);
            var length = (int)Math.Min(blockBytes, tables - offset);
            if (SegmentHeader.Check(segment.Bytes(offset, length)) != MemoryMarshal.Cast<byte, uint>(checks)[block])
                return null;
            if (length == blockBytes)
            {
                vectors.Add(segment.Integers(offset, length));
            }
            else
            {
                // Others will be put behind those of the last block.
                var last = new sbyte[blockBytes];
                segment.Integers(offset, length).Span.CopyTo(last);
                vectors.Add(last);
            }
        }

        var index = new FlatVectorIndex(header.Dimension, ReadAs<long>(ids), ReadAs<long>(groups), ReadAs<float>(scales), vectors);
        return new KeptIndex(index, header.Read, header.Removed, segment);
    }

    // Where they begin in the file is no multiple of their size.
    private static T[] ReadAs<T>(ReadOnlySpan<byte> bytes)
        where T : struct
    {
        var values = new T[bytes.Length / Marshal.SizeOf<T>()];
        bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private string PathOf(IVectorLog log, int shard) => PathOf(log.Identity, shard);

    private string PathOf(string identity, int shard) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{NameOf(identity)}-{shard}{Suffix}"));

    private static string NameOf(string identity) => new([.. identity.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The index segment '{Path}' is damaged or of another store: the index is made from the log again.")]
    private partial void LogDamaged(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The index segment '{Path}' cannot be read or removed: the index is made from the log.")]
    private partial void LogUnread(Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The index segment '{Path}' cannot be written: the next start reads the log instead.")]
    private partial void LogUnwritten(Exception exception, string path);
}
