using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Commands.Files;

/// <summary>Text from outside for a file of VectorFS.</summary>
internal static class HostText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UsageException">It is too long, or no UTF-8 text.</exception>
    public static async Task<string> ReadAsync(Stream input, string name, CancellationToken cancellationToken)
    {
        var bytes = new byte[IVectorFsGrain.MaxContent + 1];
        var length = await Task.Run(() => input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false), CancellationToken.None)
            .WaitAsync(cancellationToken);
        if (length > IVectorFsGrain.MaxContent)
        {
            throw new UsageException($"{name} is longer than {IVectorFsGrain.MaxContent / 1024 / 1024} MiB, which is the most of a file: divide it.");
        }

        return TryDecode(bytes.AsSpan(0, length)) ?? throw new UsageException($"{name} is no UTF-8 text: VectorFS keeps text.");
    }

    /// <summary>The text of some bytes; null when they are none.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Contains((byte)0) ? null : Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
