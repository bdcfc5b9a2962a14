using System.Globalization;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Values as Python's <c>json.dumps</c> writes them, which is what models were trained on: <c>", "</c> and <c>": "</c> between parts.</summary>
internal sealed class JsonText
{
    private readonly TextBuilder _text;
    private readonly RenderBudget _budget;
    private readonly string? _indent;
    private readonly string _itemSeparator;
    private readonly string _keySeparator;
    private readonly bool _ascii;
    private readonly bool _sorted;
    private int _depth;

    private JsonText(RenderBudget budget, string? indent, string itemSeparator, string keySeparator, bool ascii, bool sorted)
    {
        _text = new TextBuilder(budget);
        _budget = budget;
        _indent = indent;
        _itemSeparator = itemSeparator;
        _keySeparator = keySeparator;
        _ascii = ascii;
        _sorted = sorted;
    }

    /// <param name="value">What is written.</param>
    /// <param name="budget">What is charged.</param>
    /// <param name="indent">What a level is indented by; null for one line.</param>
    /// <param name="itemSeparator">Between items; null for Python's own.</param>
    /// <param name="keySeparator">Between a key and its value; null for Python's own.</param>
    /// <param name="ascii">Whether every other character is escaped.</param>
    /// <param name="sorted">Whether keys are sorted.</param>
    public static TextValue Of(Value value, RenderBudget budget, string? indent = null, string? itemSeparator = null, string? keySeparator = null, bool ascii = false, bool sorted = false)
    {
        var json = new JsonText(budget, indent, itemSeparator ?? (indent is null ? ", " : ","), keySeparator ?? ": ", ascii, sorted);
        json.Write(value);
        return json._text.ToText();
    }

    private void Write(Value value)
    {
        switch (value)
        {
            case TextValue text:
                WriteString(text);
                break;
            case IntegerValue integer:
                _text.Append(integer.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case FloatValue number:
                _text.Append(Format(number.Value));
                break;
            case BooleanValue boolean:
                _text.Append(boolean.Value ? "true" : "false");
                break;
            case NoneValue:
                _text.Append("null");
                break;
            case ListValue list:
                WriteItems<Value>('[', list.Items, Write, ']');
                break;
            case MapValue map:
                WriteItems<KeyValuePair<Value, Value>>('{', _sorted ? [.. map.Items.OrderBy(item => ValueText.Of(item.Key, _budget).Text, StringComparer.Ordinal)] : [.. map.Items], WriteItem, '}');
                break;
            case UndefinedValue undefined:
                throw new TemplateFault($"{undefined.What} is undefined and cannot be written as JSON");
            default:
                throw new TemplateFault($"a {value.Kind} cannot be written as JSON");
        }
    }

    private void WriteItems<T>(char open, IReadOnlyList<T> items, Action<T> write, char close)
    {
        _budget.Enter();
        _depth++;
        _text.Append(open.ToString());
        for (var i = 0; i < items.Count; i++)
        {
            _text.Append(i == 0 ? "" : _itemSeparator);
            StartLine();
            write(items[i]);
        }
        _depth--;
        if (items.Count > 0)
            StartLine();
        _text.Append(close.ToString());
        _budget.Leave();
    }

    private void StartLine()
    {
        if (_indent is null)
            return;
        _text.Append("\n");
        for (var i = 0; i < _depth; i++)
            _text.Append(_indent);
    }

    private void WriteItem(KeyValuePair<Value, Value> item)
    {
        WriteString(item.Key switch
        {
            TextValue text => text,
            BooleanValue boolean => TextValue.OfTemplate(boolean.Value ? "true" : "false"),
            NoneValue => TextValue.OfTemplate("null"),
            IntegerValue or FloatValue => ValueText.Of(item.Key, _budget),
            _ => throw new TemplateFault($"a {item.Key.Kind} cannot be a key of JSON"),
        });
        _text.Append(_keySeparator);
        Write(item.Value);
    }

    private void WriteString(TextValue text)
    {
        _text.Append("\"");
        EscapedText.Write(text, _text, character => character switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            < ' ' => $"\\u{(int)character:x4}",
            > '~' when _ascii => $"\\u{(int)character:x4}",
            _ => null,
        });
        _text.Append("\"");
    }

    private static string Format(double number) =>
        double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : Numbers.Format(number);
}
