namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>The rules of JSON itself (RFC 8259), each added to the grammar when it is first asked for, and the signs between values.</summary>
internal sealed class JsonRules
{
    /// <summary>Digits of an integer that always fit into 64 bits.</summary>
    public const int IntegerDigits = 18;

    private readonly GbnfWriter _writer;
    private readonly JsonWhitespace _whitespace;
    private string? _value;

    public JsonRules(GbnfWriter writer, JsonWhitespace whitespace)
    {
        _writer = writer;
        _whitespace = whitespace;
    }

    public static string Quote { get; } = GbnfText.Literal("\"");

    public static string Null { get; } = GbnfText.Literal("null");

    public string Colon => Between(":");

    public string Comma => Between(",");

    public string OpenObject => After("{");

    public string CloseObject => Before("}");

    public string OpenArray => After("[");

    public string CloseArray => Before("]");

    public string Boolean => Rule("boolean", "\"true\" | \"false\"");

    public string Integer => Rule("integer", $"\"0\" | \"-\"? [1-9] [0-9]{{0,{IntegerDigits - 1}}}");

    /// <summary>Exponents of two digits, so that every number is a finite double.</summary>
    public string Number => Rule("number", $"\"-\"? (\"0\" | [1-9] [0-9]{{0,{IntegerDigits - 1}}}) (\".\" [0-9]{{1,{IntegerDigits - 1}}})? ([eE] [-+]? [0-9]{{1,2}})?");

    public string Hexadecimal => Rule("hex", "[0-9a-fA-F]");

    /// <summary>One character inside a string, escaped or not. A surrogate comes with its other half, or .NET could not read the string.</summary>
    public string Character => Rule(
        "char",
        $$"""[^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" ([0-9a-ce-fA-CE-F] {{Hexadecimal}}{3} | [dD] [0-7] {{Hexadecimal}}{2} | [dD] [89abAB] {{Hexadecimal}}{2} "\\u" [dD] [c-fC-F] {{Hexadecimal}}{2}))""");

    public string String => Rule("string", $"{Quote} {Character}* {Quote}");

    /// <summary>Any JSON value.</summary>
    public string Value
    {
        get
        {
            if (_value is not null)
                return _value;
            _value = _writer.Reserve("value", JsonPath.Root);
            var item = _value;
            var list = GbnfText.Sequence(OpenArray, $"({item} ({Comma} {item})*)?", CloseArray);
            var members = GbnfText.Sequence(OpenObject, $"({Member} ({Comma} {Member})*)?", CloseObject);
            _writer.Define(item, GbnfText.Alternatives([Rule("object", members), Rule("array", list), String, Number, Boolean, Null]));
            return item;
        }
    }

    public string AnyObject
    {
        get
        {
            _ = Value;
            return Rule("object", GbnfText.Sequence(OpenObject, $"({Member} ({Comma} {Member})*)?", CloseObject));
        }
    }

    private string Member => Rule("member", $"{String} {Colon} {Value}");

    private string Space => Rule("space", "[ \\t\\n\\r]{0,8}");

    private string Rule(string name, string body) => _writer.Add(name, body, JsonPath.Root);

    private string Between(string sign) => _whitespace switch
    {
        JsonWhitespace.Compact => GbnfText.Literal(sign),
        JsonWhitespace.Spaced => GbnfText.Literal(sign + " "),
        _ => $"{Space} {GbnfText.Literal(sign)} {Space}",
    };

    private string After(string sign) => _whitespace == JsonWhitespace.Free ? $"{GbnfText.Literal(sign)} {Space}" : GbnfText.Literal(sign);

    private string Before(string sign) => _whitespace == JsonWhitespace.Free ? $"{Space} {GbnfText.Literal(sign)}" : GbnfText.Literal(sign);
}
