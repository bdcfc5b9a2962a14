using System.Text.Encodings.Web;

namespace LLMOS.Inference.ToolCalls;

/// <summary>Texts as JSON strings with no more escapes than JSON asks for, as models write them.</summary>
internal static class JsonString
{
    public static string Of(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
