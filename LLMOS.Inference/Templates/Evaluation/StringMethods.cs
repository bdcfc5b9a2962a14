using System.Globalization;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>The methods of Python's strings that templates use.</summary>
internal static class StringMethods
{
    private delegate Value Method(Interpreter interpreter, TextValue text, CallArguments arguments);

    private static readonly Dictionary<string, Method> Methods = new(StringComparer.Ordinal)
    {
        ["strip"] = (_, text, arguments) => Strip("strip", text, arguments, atStart: true, atEnd: true),
        ["lstrip"] = (_, text, arguments) => Strip("lstrip", text, arguments, atStart: true, atEnd: false),
        ["rstrip"] = (_, text, arguments) => Strip("rstrip", text, arguments, atStart: false, atEnd: true),
        ["split"] = (interpreter, text, arguments) => Split("split", interpreter, text, arguments, fromEnd: false),
        ["rsplit"] = (interpreter, text, arguments) => Split("rsplit", interpreter, text, arguments, fromEnd: true),
        ["splitlines"] = SplitLines,
        ["partition"] = (interpreter, text, arguments) => Partition("partition", interpreter, text, arguments, last: false),
        ["rpartition"] = (interpreter, text, arguments) => Partition("rpartition", interpreter, text, arguments, last: true),
        ["startswith"] = (_, text, arguments) => AnyOf("startswith", arguments, part => text.Text.StartsWith(part, StringComparison.Ordinal)),
        ["endswith"] = (_, text, arguments) => AnyOf("endswith", arguments, part => text.Text.EndsWith(part, StringComparison.Ordinal)),
        ["find"] = (interpreter, text, arguments) => Find("find", interpreter, text, arguments, last: false),
        ["rfind"] = (interpreter, text, arguments) => Find("rfind", interpreter, text, arguments, last: true),
        ["index"] = (interpreter, text, arguments) => Find("index", interpreter, text, arguments, last: false),
        ["count"] = Count,
        ["replace"] = Replace,
        ["removeprefix"] = (_, text, arguments) => Text("removeprefix", arguments) is var part && part.Length > 0 && text.Text.StartsWith(part.Text, StringComparison.Ordinal) ? text.Slice(part.Length, text.Length - part.Length) : text,
        ["removesuffix"] = (_, text, arguments) => Text("removesuffix", arguments) is var part && part.Length > 0 && text.Text.EndsWith(part.Text, StringComparison.Ordinal) ? text.Slice(0, text.Length - part.Length) : text,
        ["join"] = (interpreter, text, arguments) => Join(interpreter, interpreter.Iterate(arguments.Bind("join", "items")[0] ?? throw new TemplateFault("join needs a list")), text),
        ["upper"] = (interpreter, text, arguments) => Cased("upper", interpreter, text, arguments, all => all.ToUpperInvariant()),
        ["lower"] = (interpreter, text, arguments) => Cased("lower", interpreter, text, arguments, all => all.ToLowerInvariant()),
        ["title"] = (interpreter, text, arguments) => Cased("title", interpreter, text, arguments, Title),
        ["capitalize"] = (interpreter, text, arguments) => Cased("capitalize", interpreter, text, arguments, Capitalize),
        ["isdigit"] = (_, text, arguments) => All("isdigit", text, arguments, char.IsDigit),
        ["isnumeric"] = (_, text, arguments) => All("isnumeric", text, arguments, char.IsNumber),
        ["isalpha"] = (_, text, arguments) => All("isalpha", text, arguments, char.IsLetter),
        ["isalnum"] = (_, text, arguments) => All("isalnum", text, arguments, char.IsLetterOrDigit),
        ["isspace"] = (_, text, arguments) => All("isspace", text, arguments, char.IsWhiteSpace),
        ["isupper"] = (_, text, arguments) => Case("isupper", text, arguments, char.IsLower, char.IsUpper),
        ["islower"] = (_, text, arguments) => Case("islower", text, arguments, char.IsUpper, char.IsLower),
        ["ljust"] = (interpreter, text, arguments) => Pad("ljust", interpreter, text, arguments, before: 0),
        ["rjust"] = (interpreter, text, arguments) => Pad("rjust", interpreter, text, arguments, before: 2),
        ["center"] = (interpreter, text, arguments) => Pad("center", interpreter, text, arguments, before: 1),
        ["zfill"] = ZeroFill,
    };

    public static Value? Find(Interpreter interpreter, TextValue text, string name) =>
        Methods.TryGetValue(name, out var method) ? new CallableValue(name, arguments => method(interpreter, text, arguments)) : null;

    /// <summary>The texts of values with another between them.</summary>
    public static TextValue Join(Interpreter interpreter, IReadOnlyList<Value> items, TextValue separator)
    {
        var result = new TextBuilder(interpreter.Budget);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                result.Append(separator);
            result.Append(ValueText.Of(items[i], interpreter.Budget));
        }
        return result.ToText();
    }

    /// <summary>Replaces a text, at most <paramref name="most"/> times; what replaces it keeps where it came from.</summary>
    public static TextValue Replace(RenderBudget budget, TextValue text, TextValue old, TextValue replacement, int most)
    {
        budget.Search(text.Length, old.Length);
        var result = new TextBuilder(budget);
        var at = 0;
        for (var done = 0; done != most; done++)
        {
            // An empty text stands before each character and at the end.
            var next = old.Length > 0 ? text.Text.IndexOf(old.Text, at, StringComparison.Ordinal) : done == 0 ? 0 : at < text.Length ? at + 1 : -1;
            if (next < 0)
                break;
            result.Append(text, at, next - at);
            result.Append(replacement);
            at = next + old.Length;
        }
        result.Append(text, at, text.Length - at);
        return result.ToText();
    }

    public static string Title(string text)
    {
        var inWord = false;
        return string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = inWord ? char.ToLowerInvariant(source[i]) : char.ToUpperInvariant(source[i]);
                inWord = char.IsLetter(source[i]);
            }
        });
    }

    public static string Capitalize(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static TextValue Strip(string name, TextValue text, CallArguments arguments, bool atStart, bool atEnd) => arguments.Bind(name, "chars")[0] switch
    {
        null or NoneValue => text.Trim([], atStart, atEnd),
        TextValue { Length: 0 } => text,
        TextValue characters => text.Trim(characters.Text, atStart, atEnd),
        var other => throw new TemplateFault($"{name} needs a string of characters, but is given a {other.Kind}"),
    };

    private static ListValue Split(string name, Interpreter interpreter, TextValue text, CallArguments arguments, bool fromEnd)
    {
        var bound = arguments.Bind(name, "sep", "maxsplit");
        var most = bound[1] is null ? -1 : Integer(name, bound[1]!);
        most = most < 0 ? int.MaxValue : most;
        if (bound[0] is null or NoneValue)
            return new ListValue(fromEnd ? TextSplit.WordsFromEnd(text, most, interpreter.Budget) : TextSplit.Words(text, most, interpreter.Budget));
        if (bound[0] is not TextValue { Length: > 0 } separator)
            throw new TemplateFault($"{name} needs a separator that is a string and not empty");
        interpreter.Budget.Search(text.Length, separator.Length);
        return new ListValue(fromEnd ? TextSplit.AtFromEnd(text, separator.Text, most, interpreter.Budget) : TextSplit.At(text, separator.Text, most, interpreter.Budget));
    }

    private static ListValue SplitLines(Interpreter interpreter, TextValue text, CallArguments arguments)
    {
        var keep = arguments.Bind("splitlines", "keepends")[0]?.IsTrue ?? false;
        return new ListValue(TextSplit.Lines(text, keep, interpreter.Budget));
    }

    private static ListValue Partition(string name, Interpreter interpreter, TextValue text, CallArguments arguments, bool last)
    {
        var separator = Text(name, arguments);
        if (separator.Length == 0)
            throw new TemplateFault($"{name} needs a separator that is not empty");
        interpreter.Budget.Search(text.Length, separator.Length);
        var at = last ? text.Text.LastIndexOf(separator.Text, StringComparison.Ordinal) : text.Text.IndexOf(separator.Text, StringComparison.Ordinal);
        if (at < 0)
            return new ListValue(last ? [TextValue.Empty, TextValue.Empty, text] : [text, TextValue.Empty, TextValue.Empty], isTuple: true);
        var end = at + separator.Length;
        return new ListValue([text.Slice(0, at), text.Slice(at, separator.Length), text.Slice(end, text.Length - end)], isTuple: true);
    }

    private static BooleanValue AnyOf(string name, CallArguments arguments, Func<string, bool> matches) => arguments.Bind(name, "prefix")[0] switch
    {
        TextValue part => BooleanValue.Of(matches(part.Text)),
        ListValue { IsTuple: true } parts => BooleanValue.Of(parts.Items.OfType<TextValue>().Any(part => matches(part.Text))),
        var other => throw new TemplateFault($"{name} needs a string, but is given {(other is null ? "nothing" : "a " + other.Kind)}"),
    };

    private static IntegerValue Find(string name, Interpreter interpreter, TextValue text, CallArguments arguments, bool last)
    {
        var bound = arguments.Bind(name, "sub", "start", "end");
        var part = AsText(name, bound[0]);
        var searched = (TextValue)Members.Slice(text, bound[1], bound[2], by: null, interpreter.Budget);
        interpreter.Budget.Search(searched.Length, part.Length);
        var at = last ? searched.Text.LastIndexOf(part.Text, StringComparison.Ordinal) : searched.Text.IndexOf(part.Text, StringComparison.Ordinal);
        if (at < 0)
            return name == "index" ? throw new TemplateFault("the string does not have the part whose index is asked for") : new IntegerValue(-1);
        var start = bound[1] is { } from and not NoneValue ? Integer(name, from) : 0;
        start = start < 0 ? Math.Max(0, start + CodePoints.Count(text.Text)) : start;
        return new IntegerValue(start + CodePoints.IndexOf(searched.Text, at));
    }

    private static IntegerValue Count(Interpreter interpreter, TextValue text, CallArguments arguments)
    {
        var part = Text("count", arguments);
        interpreter.Budget.Search(text.Length, part.Length);
        return new IntegerValue(part.Length == 0 ? CodePoints.Count(text.Text) + 1 : TextSplit.At(text, part.Text, int.MaxValue, interpreter.Budget).Count - 1);
    }

    private static TextValue Replace(Interpreter interpreter, TextValue text, CallArguments arguments)
    {
        var bound = arguments.Bind("replace", "old", "new", "count");
        return Replace(interpreter.Budget, text, AsText("replace", bound[0]), AsText("replace", bound[1]), bound[2] is null ? -1 : Integer("replace", bound[2]!));
    }

    private static TextValue Cased(string name, Interpreter interpreter, TextValue text, CallArguments arguments, Func<string, string> change)
    {
        arguments.Bind(name);
        interpreter.Budget.Write(text.Length, text.Length);
        return text.WithText(change(text.Text));
    }

    private static BooleanValue All(string name, TextValue text, CallArguments arguments, Func<char, bool> matches)
    {
        arguments.Bind(name);
        return BooleanValue.Of(text.Length > 0 && text.Text.All(matches));
    }

    private static BooleanValue Case(string name, TextValue text, CallArguments arguments, Func<char, bool> forbidden, Func<char, bool> wanted)
    {
        arguments.Bind(name);
        return BooleanValue.Of(text.Text.Any(wanted) && !text.Text.Any(forbidden));
    }

    private static TextValue Pad(string name, Interpreter interpreter, TextValue text, CallArguments arguments, int before)
    {
        var bound = arguments.Bind(name, "width", "fillchar");
        var width = Integer(name, bound[0] ?? throw new TemplateFault($"{name} needs a width"));
        var wide = (long)width - CodePoints.Count(text.Text);
        if (wide <= 0)
            return text;
        var fill = bound[1] is null ? TextValue.OfTemplate(" ") : AsText(name, bound[1]);
        if (fill.Length != 1)
            throw new TemplateFault($"{name} needs one character to fill with");
        interpreter.Budget.Write(wide, wide);
        var missing = (int)wide;
        var left = before == 1 ? (missing / 2) + (missing & width & 1) : missing * before / 2;
        var result = new TextBuilder(interpreter.Budget);
        result.Append(new string(fill.Text[0], left), fill.HasData);
        result.Append(text);
        result.Append(new string(fill.Text[0], missing - left), fill.HasData);
        return result.ToText();
    }

    private static TextValue ZeroFill(Interpreter interpreter, TextValue text, CallArguments arguments)
    {
        var missing = (long)Integer("zfill", arguments.Bind("zfill", "width")[0] ?? throw new TemplateFault("zfill needs a width")) - text.Length;
        if (missing <= 0)
            return text;
        interpreter.Budget.Write(missing, missing);
        var sign = text.Length > 0 && text.Text[0] is '+' or '-' ? 1 : 0;
        var result = new TextBuilder(interpreter.Budget);
        result.Append(text, 0, sign);
        result.Append(new string('0', (int)missing));
        result.Append(text, sign, text.Length - sign);
        return result.ToText();
    }

    private static TextValue Text(string name, CallArguments arguments) => AsText(name, arguments.Bind(name, "text")[0]);

    private static TextValue AsText(string name, Value? value) =>
        value as TextValue ?? throw new TemplateFault($"{name} needs a string, but is given {(value is null ? "nothing" : "a " + value.Kind)}");

    private static int Integer(string name, Value value) => Numbers.TryGetInteger(value, out var wide)
        ? Numbers.Clamp(wide)
        : throw new TemplateFault(string.Create(CultureInfo.InvariantCulture, $"{name} needs an integer, but is given a {value.Kind}"));
}
