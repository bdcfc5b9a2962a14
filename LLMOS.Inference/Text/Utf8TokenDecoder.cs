using System.Buffers;
using System.Text;
using LLMOS.Inference.Models;

namespace LLMOS.Inference.Text;

/// <summary>
/// Turns the bytes of one token after another into text. A character that is split over tokens comes out whole with the token that ends it;
/// bytes that are no UTF-8 become U+FFFD.
/// </summary>
internal sealed class Utf8TokenDecoder
{
    private const int LongestCharacter = 4;

    private readonly byte[] _pending = new byte[LongestCharacter];
    private int _pendingLength;

    /// <summary>Whether a character has begun and not ended.</summary>
    public bool IsPending => _pendingLength > 0;

    /// <summary>The text that a token adds; empty while a character is incomplete.</summary>
    public string Next(TokenPiece piece)
    {
        if (_pendingLength == 0 && piece.Text is { } text)
            return text;
        var bytes = new byte[_pendingLength + piece.Bytes.Length];
        _pending.AsSpan(0, _pendingLength).CopyTo(bytes);
        piece.Bytes.CopyTo(bytes, _pendingLength);
        _pendingLength = 0;

        var result = new StringBuilder();
        ReadOnlySpan<byte> rest = bytes;
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            if (status == OperationStatus.NeedMoreData)
            {
                rest.CopyTo(_pending);
                _pendingLength = rest.Length;
                break;
            }
            result.Append(rune.ToString());
            rest = rest[consumed..];
        }
        return result.ToString();
    }

    /// <summary>What is left at the end: U+FFFD for a character that never ended.</summary>
    public string Finish()
    {
        if (_pendingLength == 0)
            return "";
        _pendingLength = 0;
        return "\uFFFD";
    }
}
