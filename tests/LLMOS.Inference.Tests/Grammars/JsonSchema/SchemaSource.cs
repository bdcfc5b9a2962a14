using System.Text.Json.Nodes;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

/// <summary>Random schemas of the subset. Every object says whether it is open, since the grammars close those that do not.</summary>
/// <param name="random">Where they come from.</param>
/// <param name="isBounded">Whether every value is short, so that a model soon comes to its end.</param>
internal sealed class SchemaSource(Random random, bool isBounded)
{
    /// <summary>Patterns, each with texts that fit.</summary>
    public static IReadOnlyDictionary<string, string[]> Patterns { get; } = new Dictionary<string, string[]>
    {
        ["^[a-z]{1,3}$"] = ["a", "xyz"],
        [@"^\d{2}-(ab|c)?\w$"] = ["12-abz", "00-c_", "99-9"],
        ["^(é|🙂)[^\"x]{0,2}$"] = ["é", "🙂ab", "é\\"],
        [@"^\+?[1-9]\d{2,4}$"] = ["123", "+99999"],
        ["^no|yes$"] = ["no", "not", "yes", "oh yes"],
    };

    /// <summary>Formats, each with texts that fit.</summary>
    public static IReadOnlyDictionary<string, string[]> Formats { get; } = new Dictionary<string, string[]>
    {
        ["date"] = ["2024-02-29", "1999-12-31", "0001-01-01"],
        ["time"] = ["00:00:00Z", "23:59:59.123+13:45"],
        ["date-time"] = ["2026-11-25T22:10:00Z", "2000-02-29T07:08:09.5-01:00"],
        ["uuid"] = ["00000000-0000-0000-0000-000000000000", "123E4567-e89b-12d3-a456-426614174000"],
    };

    private static readonly string[] Names = ["a", "ab", "abc", "b", "quo\"te", "sla\\sh", "née", "🙂", "two words", "line\nend", ""];

    /// <summary>A schema with a recursive definition that the others may refer to.</summary>
    public JsonObject Next()
    {
        var root = Any(0);
        root["$defs"] = new JsonObject
        {
            ["tree"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["v"] = Scalar(), ["next"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, Reference()) } },
                ["required"] = random.Next(2) == 0 ? new JsonArray("v") : new JsonArray("v", "next"),
                ["additionalProperties"] = false,
            },
        };
        return root;
    }

    private JsonObject Any(int depth) => depth < 3
        ? random.Next(10) switch
        {
            0 or 1 or 2 => Object(depth),
            3 or 4 => Array(depth),
            5 => new JsonObject { [random.Next(2) == 0 ? "anyOf" : "oneOf"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(depth + 1))]) },
            6 => Reference(),
            7 => new JsonObject { ["allOf"] = new JsonArray(Part("p"), Part("q")) },
            _ => Scalar(),
        }
        : Scalar();

    private static JsonObject Reference() => new() { ["$ref"] = "#/$defs/tree" };

    /// <summary>An object with names of its own, so that two can be merged.</summary>
    private JsonObject Part(string prefix) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { [prefix + "1"] = Scalar(), [prefix + "2"] = Scalar() },
        ["required"] = new JsonArray(prefix + random.Next(1, 3)),
    };

    private JsonObject Object(int depth)
    {
        var names = Names.OrderBy(_ => random.Next()).Take(random.Next(0, 5)).ToList();
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, Any(depth + 1)))),
            ["required"] = new JsonArray([.. names.Where(_ => random.Next(2) == 0).Select(name => (JsonNode)name)]),
            ["additionalProperties"] = false,
        };
        if (!isBounded && random.Next(2) == 0)
            schema["additionalProperties"] = random.Next(3) == 0 ? true : Scalar();
        return schema;
    }

    private JsonObject Array(int depth)
    {
        var schema = new JsonObject { ["type"] = "array" };
        var prefix = random.Next(3) == 0 ? random.Next(1, 4) : 0;
        if (prefix > 0)
            schema["prefixItems"] = new JsonArray([.. Enumerable.Range(0, prefix).Select(_ => Any(depth + 1))]);
        var isClosed = prefix > 0 && random.Next(2) == 0;
        schema["items"] = isClosed ? false : Any(depth + 1);
        var least = random.Next(0, isClosed ? prefix + 1 : 3);
        if (random.Next(2) == 0)
            schema["minItems"] = least;
        if (isBounded || random.Next(2) == 0)
            schema["maxItems"] = least + random.Next(0, 3);
        return schema;
    }

    private JsonObject Scalar() => random.Next(isBounded ? 8 : 9) switch
    {
        0 => Number("integer", scale: 0),
        1 => Number("number", scale: random.Next(0, 3)),
        2 => new JsonObject { ["type"] = "boolean" },
        3 => Text(),
        4 => new JsonObject { ["pattern"] = Patterns.Keys.ElementAt(random.Next(isBounded ? Patterns.Count - 1 : Patterns.Count)) },
        5 => new JsonObject { ["format"] = Formats.Keys.ElementAt(random.Next(Formats.Count)) },
        6 => new JsonObject { ["enum"] = new JsonArray("x", 3, 2.5, null, "qu\"ote\n", new JsonArray(1, "é"), new JsonObject { ["k"] = true }) },
        7 => new JsonObject { ["type"] = new JsonArray("boolean", "null") },
        _ => new JsonObject(),
    };

    private JsonObject Text()
    {
        var schema = new JsonObject { ["type"] = "string" };
        var least = random.Next(0, 4);
        if (random.Next(2) == 0)
            schema["minLength"] = least;
        if (isBounded || random.Next(2) == 0)
            schema["maxLength"] = least + random.Next(0, 5);
        return schema;
    }

    private JsonObject Number(string type, int scale)
    {
        var schema = new JsonObject { ["type"] = type };
        var low = new decimal(random.Next(0, 2000), 0, 0, random.Next(2) == 0, (byte)scale);
        if (isBounded || random.Next(3) > 0)
            schema[scale > 0 && random.Next(2) == 0 ? "exclusiveMinimum" : "minimum"] = low;
        if (isBounded || random.Next(3) > 0)
            schema[scale > 0 && random.Next(2) == 0 ? "exclusiveMaximum" : "maximum"] = low + random.Next(1, 500);
        return schema;
    }
}
