using System.Text;

namespace LLMOS.Inference.ToolCalls;

/// <summary>Takes the space off with which a string of JSON begins, if one does, in text that comes in parts.</summary>
internal sealed class LeadingSpaces
{
    private bool _inString;
    private bool _atStart;
    private bool _isEscaped;

    public string Trim(string part)
    {
        var kept = new StringBuilder(part.Length);
        foreach (var character in part)
        {
            var isLeading = _atStart && character == ' ';
            _atStart = false;
            if (isLeading)
                continue;
            kept.Append(character);
            if (_inString)
                (_inString, _isEscaped) = (_isEscaped || character != '"', !_isEscaped && character == '\\');
            else
                _inString = _atStart = character == '"';
        }

        return kept.ToString();
    }
}
