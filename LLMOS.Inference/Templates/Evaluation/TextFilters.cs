using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Filters that take what they are given as text.</summary>
internal static class TextFilters
{
    public static Value Trim(Interpreter interpreter, Value value, CallArguments arguments) => arguments.Bind("trim", "chars")[0] switch
    {
        null or NoneValue => Text(interpreter, value).Trim([], atStart: true, atEnd: true),
        TextValue { Length: 0 } => Text(interpreter, value),
        TextValue characters => Text(interpreter, value).Trim(characters.Text, atStart: true, atEnd: true),
        var other => throw new TemplateFault($"trim needs a string of characters, but is given a {other.Kind}"),
    };

    public static Value Upper(Interpreter interpreter, Value value, CallArguments arguments) => Changed("upper", interpreter, value, arguments, text => text.ToUpperInvariant());

    public static Value Lower(Interpreter interpreter, Value value, CallArguments arguments) => Changed("lower", interpreter, value, arguments, text => text.ToLowerInvariant());

    public static Value Capitalize(Interpreter interpreter, Value value, CallArguments arguments) => Changed("capitalize", interpreter, value, arguments, StringMethods.Capitalize);

    /// <summary>Unlike the method of that name, an apostrophe begins no new word.</summary>
    public static Value Title(Interpreter interpreter, Value value, CallArguments arguments) => Changed("title", interpreter, value, arguments, text =>
        string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var begins = i == 0 || char.IsWhiteSpace(source[i - 1]) || source[i - 1] is '-' or '(' or '{' or '[' or '<';
                span[i] = begins ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
            }
        }));

    public static Value Replace(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("replace", "old", "new", "count");
        if (bound[0] is null || bound[1] is null)
            throw new TemplateFault("replace needs what it replaces and what by");
        var most = bound[2] is null or NoneValue ? -1 : Filters.Integer("replace", bound[2]!);
        return StringMethods.Replace(interpreter.Budget, Text(interpreter, value), Text(interpreter, bound[0]!), Text(interpreter, bound[1]!), most);
    }

    public static Value Indent(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("indent", "width", "first", "blank");
        var indent = bound[0] switch
        {
            null => TextValue.OfTemplate("    "),
            TextValue given => given,
            var width => Spaces(interpreter, Filters.Integer("indent", width)),
        };
        var (first, blank) = (bound[1]?.IsTrue ?? false, bound[2]?.IsTrue ?? false);
        var text = Text(interpreter, value);
        interpreter.Budget.Read(text.Length);
        var result = new TextBuilder(interpreter.Budget);
        var at = 0;
        while (true)
        {
            var end = text.Text.IndexOf('\n', at);
            var lineEnd = end < 0 ? text.Length : end;
            if (at == 0 ? first : blank || lineEnd > at)
                result.Append(indent);
            if (end < 0)
                break;
            result.Append(text, at, end + 1 - at);
            at = end + 1;
        }
        result.Append(text, at, text.Length - at);
        return result.ToText();
    }

    public static Value Center(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var width = arguments.Bind("center", "width")[0] ?? new IntegerValue(80);
        return Interpreter.Invoke(StringMethods.Find(interpreter, Text(interpreter, value), "center")!, new CallArguments([width], []));
    }

    public static Value Format(Interpreter interpreter, Value value, CallArguments arguments) =>
        PercentFormat.Apply(Text(interpreter, value), arguments.Positional, interpreter.Budget);

    public static Value Escape(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("escape");
        var result = new TextBuilder(interpreter.Budget);
        EscapedText.Write(Text(interpreter, value), result, character => character switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\'' => "&#39;",
            '"' => "&#34;",
            _ => null,
        });
        return result.ToText();
    }

    public static Value Truncate(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("truncate", "length", "killwords", "end", "leeway");
        var text = Text(interpreter, value);
        var length = bound[0] is null ? 255 : Filters.Integer("truncate", bound[0]!);
        var end = bound[2] is null ? TextValue.OfTemplate("...") : Text(interpreter, bound[2]!);
        var leeway = bound[3] is null or NoneValue ? 5 : Filters.Integer("truncate", bound[3]!);
        if (length < end.Length)
            throw new TemplateFault($"truncate needs a length of {end.Length} or more");
        if (CodePoints.Count(text.Text) <= (long)length + leeway)
            return text;
        var kept = (TextValue)Members.Slice(text, from: null, new IntegerValue(length - CodePoints.Count(end.Text)), by: null, interpreter.Budget);
        if (bound[1] is not { IsTrue: true } && kept.Text.LastIndexOf(' ') is >= 0 and var space)
            kept = kept.Slice(0, space);
        return StringMethods.Join(interpreter, [kept, end], TextValue.Empty);
    }

    public static Value WordCount(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("wordcount");
        return new IntegerValue(TextSplit.Words(Text(interpreter, value), int.MaxValue, interpreter.Budget).Count);
    }

    private static TextValue Changed(string name, Interpreter interpreter, Value value, CallArguments arguments, Func<string, string> change)
    {
        arguments.Bind(name);
        var text = Text(interpreter, value);
        interpreter.Budget.Write(text.Length, text.Length);
        return text.WithText(change(text.Text));
    }

    private static TextValue Spaces(Interpreter interpreter, int width)
    {
        interpreter.Budget.Write(width, Math.Max(width, 0));
        return TextValue.OfTemplate(new string(' ', Math.Max(width, 0)));
    }

    private static TextValue Text(Interpreter interpreter, Value value) => ValueText.Of(value, interpreter.Budget);
}
