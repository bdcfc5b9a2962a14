using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

/// <summary>Writes JSON without white space, escaping only what must be.</summary>
internal static class TestJson
{
    public static string Write(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => $"{{{string.Join(',', members.Select(member => $"{Quote(member.Key)}:{Write(member.Value)}"))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Write))}]",
        JsonValue value when value.TryGetValue<string>(out var text) => Quote(text),
        _ => node.ToJsonString(),
    };

    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var character in text)
        {
            result.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => character.ToString(),
            });
        }
        return result.Append('"').ToString();
    }
}
