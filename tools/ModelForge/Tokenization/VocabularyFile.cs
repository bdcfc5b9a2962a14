using System.Globalization;
using System.Text.Json;

namespace ModelForge.Tokenization;

/// <summary>A vocabulary as a text file: a heading with the fingerprint, then a line for each piece: its kind, its score and its text in JSON.</summary>
internal static class VocabularyFile
{
    private const string Heading = "ModelForge vocabulary 1 ";

    /// <summary>Writes the file; until it is complete it has another name.</summary>
    /// <exception cref="IOException">The file cannot be written; the message is one sentence.</exception>
    public static void Save(string path, Vocabulary vocabulary)
    {
        var target = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(target)))
            throw new IOException($"The vocabulary {path} could not be written because its folder does not exist; make the folder first.");
        var partial = $"{target}.{Guid.NewGuid():N}.partial";
        try
        {
            File.WriteAllLines(partial, vocabulary.Pieces
                .Select(piece => string.Create(CultureInfo.InvariantCulture, $"{(int)piece.Type} {piece.Score:R} {JsonSerializer.Serialize(piece.Text)}"))
                .Prepend(Heading + vocabulary.Fingerprint));
            File.Move(partial, target, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            File.Delete(partial);
            throw new IOException($"The vocabulary {path} could not be written: {failure.Message.Replace(partial, target, StringComparison.Ordinal)}", failure);
        }
    }

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="IOException">The file is missing, unreadable, damaged or none of a vocabulary; the message is one sentence.</exception>
    public static Vocabulary Load(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The vocabulary {path} could not be read: {failure.Message}", failure);
        }

        try
        {
            if (lines.Length > 0 && lines[0].StartsWith(Heading, StringComparison.Ordinal))
            {
                var vocabulary = WithIds([.. lines.Skip(1).Select(Piece)]);
                if (vocabulary.Fingerprint == lines[0][Heading.Length..])
                    return vocabulary;
            }
        }
        catch (Exception damage) when (damage is FormatException or JsonException or ArgumentException)
        {
            throw new IOException($"{path} is no vocabulary or is damaged: make it again.", damage);
        }

        throw new IOException($"{path} is no vocabulary or is damaged: make it again.");
    }

    /// <summary>A vocabulary of these pieces; those with a meaning of their own are known by their texts.</summary>
    /// <exception cref="ArgumentException">One of them is missing.</exception>
    public static Vocabulary WithIds(IReadOnlyList<VocabularyPiece> pieces)
    {
        return new Vocabulary(pieces, Id("<unk>"), Id("<s>"), Id("<|im_start|>"), Id("<|im_end|>"));

        int Id(string text)
        {
            for (var id = 0; id < pieces.Count; id++)
            {
                if (pieces[id].Text == text)
                    return id;
            }

            throw new ArgumentException($"The piece {text} is missing.", nameof(pieces));
        }
    }

    private static VocabularyPiece Piece(string line)
    {
        var parts = line.Split(' ', 3);
        return parts.Length == 3 && JsonSerializer.Deserialize<string>(parts[2]) is { } text
            ? new VocabularyPiece(text, (TokenType)int.Parse(parts[0], CultureInfo.InvariantCulture), float.Parse(parts[1], CultureInfo.InvariantCulture), 0)
            : throw new FormatException();
    }
}
