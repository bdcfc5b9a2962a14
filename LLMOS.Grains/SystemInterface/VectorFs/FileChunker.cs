using LLMOS.Kernel.Memory;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>Cuts files into the pieces that they are found by, each with its vector.</summary>
internal sealed class FileChunker(IVectorSpace space)
{
    /// <summary>The pieces of a file, its name first.</summary>
    public IReadOnlyList<FileChunk> Cut(string path, string text) =>
        [OfName(path), .. TextChunker.Cut(text).Select(piece => new FileChunk(piece.Line, piece.Text, space.Embed(piece.Text)))];

    /// <summary>What the name of a file says is found, too: its words, without what programs put between them.</summary>
    public FileChunk OfName(string path)
    {
        var words = FileRules.WordsOf(VfsPath.NameOf(path));
        return new FileChunk(0, words, space.Embed(words));
    }
}
