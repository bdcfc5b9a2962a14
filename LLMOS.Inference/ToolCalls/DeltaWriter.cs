using System.Security.Cryptography;

namespace LLMOS.Inference.ToolCalls;

/// <summary>Collects deltas. White space around calls and thoughts is of the format and not of the content, so it is held back until it is known.</summary>
internal sealed class DeltaWriter
{
    private const string IdCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // What Mistral's templates ask for, and others take.
    private const int IdLength = 9;

    private readonly List<ChatDelta> _deltas = [];
    private string _held = "";
    private string _dropped = "";
    private bool _skipsSpace;
    private int _calls;

    /// <summary>Whether nothing but white space has come since the beginning, or since a call.</summary>
    public bool AtStart { get; private set; } = true;

    /// <summary>Whether a call is open that may be withdrawn.</summary>
    public bool InCall { get; private set; }

    public IReadOnlyList<ChatDelta> Take()
    {
        ChatDelta[] deltas = [.. _deltas];
        _deltas.Clear();
        return deltas;
    }

    public void Content(string text) => Write(text, isReasoning: false);

    public void Reasoning(string text) => Write(text, isReasoning: true);

    /// <summary>The thoughts end: white space around their end is of no use.</summary>
    public void EndReasoning()
    {
        _held = "";
        _skipsSpace = true;
    }

    /// <summary>The thoughts begin, and white space before them and at their beginning is of no use.</summary>
    public void BeginReasoning() => EndReasoning();

    public void Start(string? id, string name)
    {
        (_dropped, _held, InCall) = (_held, "", true);
        _deltas.Add(new ChatDelta.ToolCallStarted(_calls++, id ?? RandomNumberGenerator.GetString(IdCharacters, IdLength), name));
    }

    public void Arguments(string json)
    {
        if (json.Length > 0)
            _deltas.Add(new ChatDelta.ToolCallArguments(_calls - 1, json));
    }

    public void EndCall()
    {
        _deltas.Add(new ChatDelta.ToolCallEnded(_calls - 1));
        (InCall, AtStart, _skipsSpace) = (false, true, true);
    }

    /// <summary>Gives up on the call that is open, if one is.</summary>
    public void Withdraw()
    {
        if (!InCall)
            return;
        _deltas.Add(new ChatDelta.ToolCallWithdrawn(_calls - 1));
        (_held, InCall) = (_dropped, false);
    }

    /// <summary>What is held back, at the end of the output.</summary>
    public void Finish()
    {
        if (_held.Length > 0)
            _deltas.Add(new ChatDelta.Content(_held));
        _held = "";
    }

    private void Write(string text, bool isReasoning)
    {
        if (_skipsSpace)
            text = text.TrimStart();
        if (text.Length == 0)
            return;
        _skipsSpace = false;
        var end = text.AsSpan().TrimEnd().Length;
        if (end == 0)
        {
            _held += text;
            return;
        }
        var shown = _held + text[..end];
        _held = text[end..];
        AtStart &= isReasoning;
        _deltas.Add(isReasoning ? new ChatDelta.Reasoning(shown) : new ChatDelta.Content(shown));
    }
}
