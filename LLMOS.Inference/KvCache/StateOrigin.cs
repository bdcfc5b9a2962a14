using System.Security.Cryptography;
using System.Text;

namespace LLMOS.Inference.KvCache;

/// <summary>What saved KV belongs to: bytes of another origin mean something else, or nothing.</summary>
/// <param name="Model">The model's name, for sentences.</param>
/// <param name="Fingerprint">32 bytes that tell apart model files and the ways to keep their KV.</param>
/// <param name="Release">The llama.cpp release.</param>
internal sealed record StateOrigin(string Model, byte[] Fingerprint, string Release)
{
    private const int Windows = 16;
    private const int WindowBytes = 1 << 16;

    /// <summary>Looks at the size, the header and windows spread over the file, not at all of it: models are gigabytes.</summary>
    /// <param name="model">Whose KV it is.</param>
    /// <param name="fullPrecision">Whether it is kept in F32.</param>
    /// <param name="caches">Into how many caches the context is divided.</param>
    /// <exception cref="IOException">The model's file cannot be read any more.</exception>
    public static StateOrigin Of(LlamaModel model, bool fullPrecision, int caches)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{model.Architecture}/{model.ParameterCount}/{model.SizeBytes}/{model.LayerCount}/{model.VocabularySize}/{(fullPrecision ? "f32" : "f16")}/{caches}\n"));
        using var file = File.OpenHandle(model.Path);
        var length = RandomAccess.GetLength(file);
        var window = new byte[WindowBytes];
        for (var i = 0; i < Windows; i++)
        {
            var read = RandomAccess.Read(file, window, Math.Max(length - WindowBytes, 0) * i / (Windows - 1));
            hash.AppendData(window, 0, read);
        }
        hash.AppendData(BitConverter.GetBytes(length));
        return new StateOrigin(model.Name, hash.GetHashAndReset(), LlamaRuntime.Release);
    }
}
