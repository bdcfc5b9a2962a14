namespace LLMOS.Kernel.Memory;

/// <summary>The vector space that processes, messages and pages lie in, and the cheap embedder that places a text in it.</summary>
public interface IVectorSpace
{
    /// <summary>Names the embedder and its version. Vectors of another identity must not be compared with those of this one.</summary>
    string Identity { get; }

    /// <summary>How many floats a vector has.</summary>
    int Dimension { get; }

    /// <summary>A vector of unit length; the zero vector for a text without words.</summary>
    float[] Embed(ReadOnlySpan<char> text);
}
