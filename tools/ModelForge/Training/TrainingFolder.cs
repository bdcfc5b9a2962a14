using ModelForge.Corpus;
using ModelForge.Tokenization;

namespace ModelForge.Training;

/// <summary>The folder in which a training keeps its vocabulary and its checkpoints.</summary>
internal sealed class TrainingFolder
{
    private readonly string _folder;

    /// <summary>Opens the folder, making it if need be.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public TrainingFolder(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
            throw new BadInputException($"--work must name a folder, not '{folder}'.");
        try
        {
            _folder = Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"The folder '{folder}' for the training cannot be made ({failure.Message.TrimEnd('.')}): give another --work folder.", failure);
        }
    }

    public string Checkpoint => Path.Combine(_folder, "checkpoint");

    /// <summary>Whether a file is one of its own.</summary>
    public bool Owns(string file) => new[] { Checkpoint, Training.Checkpoint.Previous(Checkpoint), VocabularyPath, LockPath }.Contains(Path.GetFullPath(file), StringComparer.Ordinal);

    /// <summary>Keeps the vocabulary for the checkpoints that follow, once nothing is refused any more.</summary>
    public void Keep(Vocabulary vocabulary)
    {
        if (!File.Exists(VocabularyPath))
            VocabularyFile.Save(VocabularyPath, vocabulary);
    }

    /// <summary>Keeps other trainings out of the folder until it is disposed of, or the process ends.</summary>
    /// <exception cref="BadInputException">Another training works in it.</exception>
    public IDisposable Hold()
    {
        try
        {
            return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"Another training works in {_folder}, or it cannot be written to ({failure.Message}): wait for its end, or give another --work folder.", failure);
        }
    }

    /// <summary>Refuses to begin anew where only the checkpoint before the last one is left, as after a crash between two moves.</summary>
    /// <exception cref="CheckpointException">That is so.</exception>
    public void EnsureNothingLeft()
    {
        var previous = Training.Checkpoint.Previous(Checkpoint);
        if (!File.Exists(Checkpoint) && File.Exists(previous))
            throw new CheckpointException($"The checkpoint {Checkpoint} is gone, and the one before it is {previous}: rename that to {Checkpoint} to go on from it, or remove it to begin anew.");
    }

    private string VocabularyPath => Path.Combine(_folder, "vocabulary.json");

    private string LockPath => Path.Combine(_folder, "training.lock");

    /// <summary>The vocabulary of the training: the one that is there, else the one in the file <paramref name="given"/>, else one learned from the corpus.</summary>
    /// <remarks>It stays as it was first learned: a source that has changed since gives other documents, in the same tokens.</remarks>
    /// <param name="sources">What a new one is learned from.</param>
    /// <param name="seed">Of the documents it is learned from.</param>
    /// <param name="size">Its pieces; null for as many as there are, or as usual.</param>
    /// <param name="given">A file, or null.</param>
    /// <exception cref="BadInputException">The one that is there is another than what is asked for.</exception>
    public Vocabulary Vocabulary(IReadOnlyList<ICorpusSource> sources, ulong seed, int? size, string? given)
    {
        var file = given is null ? null : VocabularyFile.Load(given);
        if (!File.Exists(VocabularyPath))
        {
            if (File.Exists(Checkpoint))
                throw new CheckpointException($"There is a checkpoint {Checkpoint}, and {VocabularyPath}, which it was trained with, is gone; put it back, or give another --work folder to begin anew.");
            var learned = file ?? CorpusVocabulary.Learn(sources, seed, VocabularyCommand.DefaultSample, size ?? ModelShape.Nano.Vocabulary);
            EnsureSize(learned, given ?? VocabularyPath, size);
            return learned;
        }

        var found = VocabularyFile.Load(VocabularyPath);
        if (file is not null && file.Fingerprint != found.Fingerprint)
            throw new BadInputException($"The training in {_folder} has another vocabulary than {given}: leave --vocabulary out to go on, or give another --work folder.");
        EnsureSize(found, VocabularyPath, size);
        return found;
    }

    private static void EnsureSize(Vocabulary vocabulary, string path, int? size)
    {
        if (size is { } asked && asked != vocabulary.Pieces.Count)
            throw new BadInputException($"--vocab asks for {asked} tokens, and the vocabulary {path} has {vocabulary.Pieces.Count}: leave --vocab out.");
    }
}
