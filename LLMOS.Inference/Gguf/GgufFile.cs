namespace LLMOS.Inference.Gguf;

/// <summary>
/// The header of a GGUF file, version 2 or 3: its metadata and what its tensors are, without their data. A damaged or hostile
/// file costs no more time and memory than a sound one of its size.
/// </summary>
public sealed class GgufFile
{
    internal GgufFile(string path, long length, uint version, IReadOnlyDictionary<string, GgufValue> metadata, IReadOnlyList<GgufTensor> tensors, long dataStart)
    {
        Path = path;
        Length = length;
        Version = version;
        Metadata = metadata;
        Tensors = tensors;
        DataStart = dataStart;
        Summary = GgufSummary.Of(this);
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>The file's size in bytes.</summary>
    public long Length { get; }

    /// <summary>The GGUF version, 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>The metadata by key. Arrays have their type and count, not their elements.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata { get; }

    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Where the tensors' data begins, in bytes from the file's start.</summary>
    public long DataStart { get; }

    /// <summary>What a person wants to know of the model.</summary>
    public GgufSummary Summary { get; }

    /// <summary>Reads the header of the file at <paramref name="path"/>.</summary>
    /// <exception cref="GgufException">There is no GGUF file at the path, or its header is cut or damaged.</exception>
    public static GgufFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0'))
            throw new GgufException(GgufProblem.Missing, "The model's path is empty or has a zero character in it; name a GGUF file.");
        try
        {
            if (Directory.Exists(path))
                throw new GgufException(GgufProblem.Directory, $"{path} is a folder; name a GGUF file in it.");
            var entry = new FileInfo(path);
            if (!entry.Exists)
                throw new GgufException(GgufProblem.Missing, $"There is no file {path}; check the path.");

            // A link's own length is not its target's, and a pipe's is 0: opening one would wait for a writer.
            var target = entry.ResolveLinkTarget(returnFinalTarget: true) is FileInfo final ? final : entry;
            if (!target.Exists)
                throw new GgufException(GgufProblem.Missing, $"{path} is a link to {target.FullName}, and there is no such file; check the path.");
            if (target.Length == 0)
                throw new GgufException(GgufProblem.Empty, $"{path} is empty; fetch the model again.");
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            return new GgufHeader(new GgufCursor(file, path, length), path, length).Read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new GgufException(GgufProblem.Unreadable, $"{path} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Reads the header and checks that llama.cpp v0.5.0 can load the model, as far as a header tells.</summary>
    /// <exception cref="GgufException">It cannot; the message is one sentence with the reason and the way out.</exception>
    public static GgufFile ReadModel(string path)
    {
        var file = Read(path);
        return file.Defect() is { } defect ? throw defect : file;
    }

    /// <summary>What keeps llama.cpp v0.5.0 from loading the model, or null when the header shows nothing.</summary>
    public GgufException? Defect()
    {
        var split = GgufSplit.Of(this);
        if (split is { Number: > 1 })
        {
            return new(GgufProblem.IncompleteSplit, $"{Path} is part {split.Number} of {split.Count} of a split model; name its first part, {split.PathOf(1)}.");
        }

        return PartDefect() ?? LanguageModelDefect() ?? split?.MissingPart();
    }

    /// <summary>Whether the file holds all the data that its header speaks of.</summary>
    internal GgufException? PartDefect()
    {
        var end = Tensors.Count == 0 ? 0 : DataStart + Tensors[^1].Offset + Tensors[^1].Bytes;
        return end > Length
            ? new(GgufProblem.Truncated, $"{Path} is truncated: its tensors end at byte {end}, and the file has {Length} bytes; fetch it again.")
            : null;
    }

    private GgufException? LanguageModelDefect()
    {
        var architecture = Summary.Architecture;
        if (architecture is null)
            return new(GgufProblem.Malformed, $"{Path} does not name its architecture (general.architecture); convert the model again.");
        if (architecture == "clip")
            return new(GgufProblem.NotALanguageModel, $"{Path} is a vision projector, not a language model; name the model that it belongs to.");
        if (Metadata.GetValueOrDefault("general.type")?.Text is { } type and not "model")
            return new(GgufProblem.NotALanguageModel, $"{Path} is not a model: its general.type is '{type}'; name a model.");
        if (!GgufArchitectures.IsKnown(architecture))
            return new(GgufProblem.UnknownArchitecture, $"{Path} has the architecture '{architecture}', which llama.cpp v0.5.0 does not know; use a model of a known one, such as llama, qwen3 or gemma3.");
        if (Tensors.Count == 0 && Metadata.GetValueOrDefault("split.count")?.WholeNumber is not > 1)
            return new(GgufProblem.NoTensors, $"{Path} has no tensors, so it is a vocabulary and not a model; name a file with weights.");
        foreach (var key in (ReadOnlySpan<string>)["context_length", "embedding_length", "block_count"])
        {
            if (Metadata.GetValueOrDefault($"{architecture}.{key}")?.WholeNumber is null)
                return new(GgufProblem.Malformed, $"{Path} lacks the number {architecture}.{key} in its metadata; convert the model again.");
        }

        return null;
    }
}
