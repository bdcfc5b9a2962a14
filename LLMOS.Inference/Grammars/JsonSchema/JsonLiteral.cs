using System.Text.Json;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>One JSON value as GBNF, for enum and const.</summary>
internal static class JsonLiteral
{
    public static string Expression(JsonElement value, JsonRules rules)
    {
        var parts = new List<string>();
        Write(value, rules, parts);
        return GbnfText.Sequence(Joined(parts));
    }

    private static void Write(JsonElement value, JsonRules rules, List<string> parts)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                parts.Add(rules.OpenObject);
                var isFirst = true;
                foreach (var property in value.EnumerateObject())
                {
                    if (!isFirst)
                        parts.Add(rules.Comma);
                    isFirst = false;
                    parts.Add(GbnfText.Literal(JsonStringText.Quote(property.Name)));
                    parts.Add(rules.Colon);
                    Write(property.Value, rules, parts);
                }
                parts.Add(rules.CloseObject);
                break;
            case JsonValueKind.Array:
                parts.Add(rules.OpenArray);
                for (var i = 0; i < value.GetArrayLength(); i++)
                {
                    if (i > 0)
                        parts.Add(rules.Comma);
                    Write(value[i], rules, parts);
                }
                parts.Add(rules.CloseArray);
                break;
            case JsonValueKind.String:
                parts.Add(GbnfText.Literal(JsonStringText.Quote(value.GetString()!)));
                break;
            default:
                parts.Add(GbnfText.Literal(value.GetRawText()));
                break;
        }
    }

    /// <summary>Literals that follow each other become one.</summary>
    private static List<string> Joined(List<string> parts)
    {
        var result = new List<string>();
        foreach (var part in parts)
        {
            if (result.Count > 0 && IsLiteral(part) && IsLiteral(result[^1]))
                result[^1] = string.Concat(result[^1].AsSpan(0, result[^1].Length - 1), part.AsSpan(1));
            else
                result.Add(part);
        }
        return result;
    }

    private static bool IsLiteral(string part) => part[0] == '"' && GbnfText.IsItem(part);
}
