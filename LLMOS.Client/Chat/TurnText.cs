using System.Text;

namespace LLMOS.Client.Chat;

/// <summary>
/// The text of a turn for a reader that cannot take text back: a turn that starts anew with the same seed says the same
/// again, and what was handed on before is left out.
/// </summary>
internal sealed class TurnText
{
    private readonly StringBuilder _handedOn = new();
    private int _position;

    /// <summary>The part of a piece of text that the reader has not got.</summary>
    /// <exception cref="LlmosException">The turn that started anew says something else.</exception>
    public string Add(string text)
    {
        var known = Math.Min(text.Length, _handedOn.Length - _position);
        if (!text.AsSpan(0, known).SequenceEqual(_handedOn.ToString(_position, known)))
        {
            throw LlmosException.Unavailable(
                "The process was interrupted in its turn and says something else now than what was handed on: ask it again.");
        }

        _position += text.Length;
        _handedOn.Append(text, known, text.Length - known);
        return text[known..];
    }

    public void Restart() => _position = 0;
}
