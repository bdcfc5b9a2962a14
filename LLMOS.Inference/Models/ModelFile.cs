using System.Buffers.Binary;

namespace LLMOS.Inference.Models;

/// <summary>Looks at a model's file before native code does, so that the usual mistakes get a sentence of their own.</summary>
internal static class ModelFile
{
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const int HeaderBytes = 24;

    /// <exception cref="LlamaException">The file is missing, unreadable or no GGUF.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path))
            throw new LlamaException(LlamaError.ModelMissing, $"'{path}' is a folder: give the path of a GGUF model file in it.");
        if (!File.Exists(path))
            throw new LlamaException(LlamaError.ModelMissing, $"There is no model file '{path}': check the path, or see 'llmos models' for those on this machine.");

        Span<byte> header = stackalloc byte[HeaderBytes];
        int read;
        try
        {
            using var file = File.OpenRead(path);
            read = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaException(LlamaError.ModelMissing, $"The model file '{path}' cannot be read ({exception.Message.TrimEnd('.')}): check its permissions.", exception);
        }

        if (read < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
            throw new LlamaException(LlamaError.ModelInvalid, $"'{path}' is not a GGUF model (it does not begin with 'GGUF'): convert the model to GGUF or give another file.");
        if (read < HeaderBytes)
            throw new LlamaException(LlamaError.ModelInvalid, $"'{path}' ends inside its GGUF header ({read} bytes): it was cut short, copy or download it again.");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (version is not (2 or 3))
            throw new LlamaException(LlamaError.ModelInvalid, $"'{path}' is GGUF version {version}, but llama.cpp v{LlamaRuntime.Release} reads versions 2 and 3 (little-endian): convert the model again.");
    }
}
