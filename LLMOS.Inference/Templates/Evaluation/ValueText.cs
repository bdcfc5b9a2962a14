using System.Globalization;
using System.Text;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Values as Python's <c>str</c> and <c>repr</c> write them.</summary>
internal static class ValueText
{
    /// <summary>As it is printed.</summary>
    public static TextValue Of(Value value, RenderBudget budget) => value switch
    {
        TextValue text => text,
        UndefinedValue => TextValue.Empty,
        _ => Quoted(value, budget),
    };

    /// <summary>As it stands inside a printed list: strings in quotes.</summary>
    public static TextValue Quoted(Value value, RenderBudget budget)
    {
        var text = new TextBuilder(budget);
        Write(value, text, budget);
        return text.ToText();
    }

    private static void Write(Value value, TextBuilder text, RenderBudget budget)
    {
        switch (value)
        {
            case TextValue quoted:
                WriteString(quoted, text);
                break;
            case IntegerValue integer:
                text.Append(integer.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case FloatValue number:
                text.Append(Numbers.Format(number.Value));
                break;
            case BooleanValue boolean:
                text.Append(boolean.Value ? "True" : "False");
                break;
            case NoneValue:
                text.Append("None");
                break;
            case UndefinedValue:
                text.Append("Undefined");
                break;
            case ListValue list:
                budget.Enter();
                WriteList(list, text, budget);
                budget.Leave();
                break;
            case MapValue map:
                budget.Enter();
                WriteMap(map, text, budget);
                budget.Leave();
                break;
            default:
                text.Append($"<{value.Kind}>");
                break;
        }
    }

    private static void WriteList(ListValue list, TextBuilder text, RenderBudget budget)
    {
        text.Append(list.IsTuple ? "(" : "[");
        for (var i = 0; i < list.Items.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(list.Items[i], text, budget);
        }
        text.Append(list.IsTuple ? list.Items.Count == 1 ? ",)" : ")" : "]");
    }

    private static void WriteMap(MapValue map, TextBuilder text, RenderBudget budget)
    {
        text.Append("{");
        var first = true;
        foreach (var (key, item) in map.Items)
        {
            text.Append(first ? "" : ", ");
            first = false;
            Write(key, text, budget);
            text.Append(": ");
            Write(item, text, budget);
        }
        text.Append("}");
    }

    private static void WriteString(TextValue value, TextBuilder text)
    {
        var quote = value.Text.Contains('\'') && !value.Text.Contains('"') ? '"' : '\'';
        text.Append(quote.ToString());
        EscapedText.Write(value, text, character => character switch
        {
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ when character == quote => "\\" + quote,
            _ when Rune.TryCreate(character, out var rune) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control => $"\\x{(int)character:x2}",
            _ => null,
        });
        text.Append(quote.ToString());
    }
}
