using System.Text;

namespace LLMOS.Silo.Logging;

/// <summary>What a record of the log belongs to, from the scopes that it was written in: the process and the trace.</summary>
internal static class LogContext
{
    private static readonly string[] Shown = ["Pid", "TraceId"];

    /// <summary>Such as <c> [Pid=21 TraceId=4bf92f3577b34da6a3ce929d0e0e4736]</c>; empty where nothing is known.</summary>
    public static string Of(IExternalScopeProvider? scopes)
    {
        if (scopes is null)
        {
            return "";
        }

        var text = new StringBuilder();
        scopes.ForEachScope(
            static (scope, text) =>
            {
                if (scope is not IEnumerable<KeyValuePair<string, object?>> values)
                {
                    return;
                }

                foreach (var (name, value) in values)
                {
                    if (Array.IndexOf(Shown, name) >= 0)
                    {
                        text.Append(text.Length == 0 ? " [" : " ").Append(name).Append('=').Append(value);
                    }
                }
            },
            text);
        return text.Length == 0 ? "" : text.Append(']').ToString();
    }
}
