using System.Text.Json;
using System.Text.Json.Nodes;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

/// <summary>Changes a JSON value in one place.</summary>
internal static class InstanceMutation
{
    private static readonly string[] Others = ["null", "true", "-1", "0", "3.5", "1000000", "-99999.5", "\"\"", "\"x\"", "\"2023-02-29\"", "\"abcdefghijkl\"", "[]", "{}", "[1]", "[null,null,null,null,null,null]", "{\"a\":1}"];

    public static JsonNode? Next(JsonNode? node, Random random)
    {
        switch (node)
        {
            case JsonObject members when members.Count > 0 && random.Next(3) > 0:
                var copy = members.DeepClone().AsObject();
                var name = copy.ElementAt(random.Next(copy.Count)).Key;
                copy[name] = Next(members[name], random);
                return copy;
            case JsonArray items when items.Count > 0 && random.Next(3) > 0:
                var list = items.DeepClone().AsArray();
                var index = random.Next(list.Count);
                list[index] = Next(items[index], random);
                return list;
            default:
                return random.Next(3) == 0 ? JsonNode.Parse(Others[random.Next(Others.Length)]) : Changed(node, random);
        }
    }

    private static JsonNode? Changed(JsonNode? node, Random random)
    {
        switch (node)
        {
            case JsonObject members:
                var copy = members.DeepClone().AsObject();
                if (copy.Count > 0 && random.Next(2) == 0)
                    copy.RemoveAt(random.Next(copy.Count));
                else
                    copy["zz"] = random.Next(2) == 0 ? "new" : 7;
                return copy;
            case JsonArray items:
                var list = items.DeepClone().AsArray();
                if (list.Count > 0 && random.Next(2) == 0)
                    list.RemoveAt(random.Next(list.Count));
                else
                    list.Add(list.Count > 0 ? list[^1]?.DeepClone() : 7);
                return list;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                decimal[] steps = [1, -1, 0.5m, -0.5m, 0.01m, -0.01m, 500, -500];
                return value.Deserialize<decimal>() + steps[random.Next(steps.Length)];
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var text = value.GetValue<string>();
                return random.Next(3) switch
                {
                    0 => text + "!",
                    1 => text + "abcdef",
                    _ => text.Length > 0 && !char.IsSurrogate(text[^1]) ? text[..^1] : text + "\"",
                };
            default:
                return "changed";
        }
    }
}
