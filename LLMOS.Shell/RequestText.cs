using System.Text;

namespace LLMOS.Shell;

/// <summary>The text of a request: an argument, or standard input for <c>-</c>.</summary>
internal static class RequestText
{
    /// <summary>Bytes of UTF-8 that a request may have: several times what a window of 8,192 tokens holds.</summary>
    public const int MaxBytes = 64 * 1024;

    public const string StandardInput = "-";

    /// <exception cref="UsageException">It is empty, too long or no text.</exception>
    public static async Task<string> ReadAsync(string argument, Stream input, CancellationToken cancellationToken)
    {
        var text = argument == StandardInput ? await ReadInputAsync(input, cancellationToken) : argument;
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UsageException(argument == StandardInput
                ? "The request from standard input is empty: say what you want."
                : "The request is empty: say what you want, such as llmos run \"Create a web server\".");
        }

        return Encoding.UTF8.GetByteCount(text) <= MaxBytes ? text.Trim() : throw TooLong();
    }

    private static async Task<string> ReadInputAsync(Stream input, CancellationToken cancellationToken)
    {
        var bytes = new byte[MaxBytes + 1];
        // Reading a terminal or a pipe cannot be cancelled, so it is left behind.
        var length = await Task.Run(() => input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false), CancellationToken.None)
            .WaitAsync(cancellationToken);
        if (length > MaxBytes)
        {
            throw TooLong();
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException("The request from standard input is no UTF-8 text: send text.");
        }
    }

    private static UsageException TooLong() => new(
        $"The request is longer than {MaxBytes / 1024} KiB, more than a model reads at once: shorten it, or put the rest into a workflow's prompts.");
}
