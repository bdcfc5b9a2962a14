using System.Globalization;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Filters that take lists, dicts and strings apart and put them together.</summary>
internal static class ListFilters
{
    public static Value Length(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("length");
        interpreter.Budget.Read((value as TextValue)?.Length ?? 0);
        return new IntegerValue(value switch
        {
            TextValue text => CodePoints.Count(text.Text),
            ListValue list => list.Items.Count,
            MapValue map => map.Items.Count,
            UndefinedValue => 0,
            _ => throw new TemplateFault($"a {value.Kind} has no length"),
        });
    }

    public static Value First(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("first");
        return value is TextValue { Length: > 0 } ? Members.Item(interpreter, value, new IntegerValue(0)) : interpreter.Iterate(value) is [var first, ..] ? first : new UndefinedValue("the first item of nothing");
    }

    public static Value Last(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("last");
        return value is TextValue { Length: > 0 } ? Members.Item(interpreter, value, new IntegerValue(-1)) : interpreter.Iterate(value) is [.., var last] ? last : new UndefinedValue("the last item of nothing");
    }

    public static Value List(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("list");
        return new ListValue(interpreter.Iterate(value));
    }

    public static Value Items(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("items");
        return value switch
        {
            MapValue map => MapMethods.Items(map, interpreter.Budget),
            UndefinedValue => ListValue.Empty,
            _ => throw new TemplateFault($"items needs a dict, but is given a {value.Kind}"),
        };
    }

    public static Value Join(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("join", "d", "attribute");
        var separator = bound[0] is null ? TextValue.Empty : ValueText.Of(bound[0]!, interpreter.Budget);
        var items = interpreter.Iterate(value);
        if (bound[1] is { } attribute and not NoneValue)
            items = [.. items.Select(item => Path(interpreter, item, attribute, otherwise: null))];
        return StringMethods.Join(interpreter, items, separator);
    }

    public static Value Reverse(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("reverse");
        Value[] items = [.. interpreter.Iterate(value).Reverse()];
        return value is TextValue ? StringMethods.Join(interpreter, items, TextValue.Empty) : new ListValue(items);
    }

    public static Value Batch(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("batch", "linecount", "fill_with");
        var size = bound[0] is null ? 0 : Filters.Integer("batch", bound[0]!);
        if (size < 1)
            throw new TemplateFault("batch needs the size of a batch, from 1");
        var batches = interpreter.Iterate(value).Chunk(size).Select(batch => (Value)new ListValue(batch)).ToList();
        if (bound[1] is { } fill and not NoneValue && batches is [.., ListValue last] && last.Items.Count < size)
        {
            interpreter.Budget.Step(size);
            batches[^1] = new ListValue([.. last.Items, .. Enumerable.Repeat(fill, size - last.Items.Count)]);
        }
        return new ListValue(batches);
    }

    public static Value Attribute(Interpreter interpreter, Value value, CallArguments arguments) =>
        arguments.Bind("attr", "name")[0] is TextValue name
            ? value is MapValue ? new UndefinedValue($"the dict's attribute '{name.Text}'") : Members.Attribute(interpreter, value, name.Text)
            : throw new TemplateFault("attr needs the name of an attribute");

    /// <summary>What an attribute path such as <c>function.name</c> leads to from a value.</summary>
    public static Value Path(Interpreter interpreter, Value value, Value attribute, Value? otherwise)
    {
        interpreter.Budget.Iterate();
        if (attribute is TextValue path)
        {
            foreach (var part in path.Text.Split('.'))
            {
                value = Members.Item(interpreter, value, int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new IntegerValue(index) : TextValue.OfTemplate(part));
                if (value is UndefinedValue && otherwise is not null)
                    value = otherwise;
            }
            return value;
        }
        value = Members.Item(interpreter, value, attribute);
        return value is UndefinedValue && otherwise is not null ? otherwise : value;
    }
}
