using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Filters that compare items with one another. Letters' case plays no part unless it is asked for.</summary>
internal static class SortFilters
{
    public static Value Sort(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("sort", "reverse", "case_sensitive", "attribute");
        return new ListValue(Sorted(interpreter, interpreter.Iterate(value), Key(interpreter, bound[1], bound[2]), bound[0]?.IsTrue ?? false));
    }

    public static Value SortMap(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("dictsort", "case_sensitive", "by", "reverse");
        if (value is not MapValue map)
            throw new TemplateFault($"dictsort needs a dict, but is given a {value.Kind}");
        var place = (bound[1] as TextValue)?.Text switch
        {
            null or "key" => 0,
            "value" => 1,
            var by => throw new TemplateFault($"dictsort sorts by key or value, but not by '{by}'"),
        };
        var fold = Key(interpreter, bound[0], attribute: null);
        return new ListValue(Sorted(interpreter, MapMethods.Items(map, interpreter.Budget).Items, item => fold(((ListValue)item).Items[place]), bound[2]?.IsTrue ?? false));
    }

    public static Value Unique(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("unique", "case_sensitive", "attribute");
        var key = Key(interpreter, bound[0], bound[1]);
        var seen = new HashSet<Value>(HashableComparer.Instance);
        return new ListValue([.. interpreter.Iterate(value).Where(item =>
        {
            interpreter.Budget.Iterate();
            var part = key(item);
            HashableComparer.RequireHashable(part);
            return seen.Add(part);
        })]);
    }

    public static Value GroupBy(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("groupby", "attribute", "default", "case_sensitive");
        var attribute = bound[0] ?? throw new TemplateFault("groupby needs an attribute");
        var groups = new List<Value>();
        var members = new List<Value>();
        Value? current = null;
        var fold = Key(interpreter, bound[2], attribute: null);
        foreach (var item in Sorted(interpreter, interpreter.Iterate(value), Part, reverse: false))
        {
            var part = ListFilters.Path(interpreter, item, attribute, bound[1]);
            if (current is not null && !Operators.AreEqual(fold(current), fold(part), interpreter.Budget))
                Close();
            current ??= part;
            members.Add(item);
        }
        Close();
        return new ListValue(groups);

        Value Part(Value item) => fold(ListFilters.Path(interpreter, item, attribute, bound[1]));

        void Close()
        {
            if (current is not null)
                groups.Add(new ListValue([current, new ListValue([.. members])], isTuple: true));
            current = null;
            members.Clear();
        }
    }

    public static Value Least(Interpreter interpreter, Value value, CallArguments arguments) => Extreme(interpreter, value, arguments, sign: 1);

    public static Value Most(Interpreter interpreter, Value value, CallArguments arguments) => Extreme(interpreter, value, arguments, sign: -1);

    private static Value Extreme(Interpreter interpreter, Value value, CallArguments arguments, int sign)
    {
        var bound = arguments.Bind("min and max", "case_sensitive", "attribute");
        var key = Key(interpreter, bound[0], bound[1]);
        Value? found = null;
        foreach (var item in interpreter.Iterate(value))
        {
            if (found is null || Operators.Order(key(item), key(found), interpreter.Budget) * sign < 0)
                found = item;
        }
        return found ?? new UndefinedValue("the least or greatest item of nothing");
    }

    private static Func<Value, Value> Key(Interpreter interpreter, Value? caseSensitive, Value? attribute) => item =>
    {
        var part = attribute is null or NoneValue ? item : ListFilters.Path(interpreter, item, attribute, otherwise: null);
        return part is TextValue text && caseSensitive is not { IsTrue: true } ? text.WithText(text.Text.ToLowerInvariant()) : part;
    };

    /// <summary>A stable merge sort, which keeps the order of equal items and lets an error through as it is.</summary>
    private static List<Value> Sorted(Interpreter interpreter, IReadOnlyList<Value> items, Func<Value, Value> key, bool reverse)
    {
        var sign = reverse ? -1 : 1;
        (Value Item, Value Key)[] source = [.. items.Select(item => (item, key(item)))];
        var target = new (Value Item, Value Key)[source.Length];
        for (var width = 1; width < source.Length; width *= 2)
        {
            for (var begin = 0; begin < source.Length; begin += 2 * width)
                Merge(begin, Math.Min(begin + width, source.Length), Math.Min(begin + (2 * width), source.Length));
            (source, target) = (target, source);
        }
        return [.. source.Select(pair => pair.Item)];

        void Merge(int left, int middle, int end)
        {
            var (at, right) = (left, middle);
            for (; at < end; at++)
            {
                var takeLeft = left < middle && (right >= end || (Operators.Order(source[left].Key, source[right].Key, interpreter.Budget) ?? 0) * sign <= 0);
                target[at] = takeLeft ? source[left++] : source[right++];
            }
        }
    }
}
