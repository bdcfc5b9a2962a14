using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Attributes, items and slices. What does not exist is undefined; only what is undefined itself has none to ask for.</summary>
internal static class Members
{
    /// <summary><c>target.name</c>: a method, else an item.</summary>
    public static Value Attribute(Interpreter interpreter, Value target, string name) =>
        FindOwn(interpreter, target, name) ?? (target as MapValue)?.Find(name) ?? Missing(target, name);

    /// <summary><c>target[key]</c>: an item, else an attribute.</summary>
    public static Value Item(Interpreter interpreter, Value target, Value key)
    {
        RequireDefined(target, (key as TextValue)?.Text ?? "item");
        switch (target)
        {
            case MapValue map when map.Find(key) is { } value:
                return value;
            case ListValue list when Numbers.TryGetInteger(key, out var wide):
                var index = Numbers.Clamp(wide);
                index = index < 0 ? index + list.Items.Count : index;
                return index >= 0 && index < list.Items.Count ? list.Items[index] : new UndefinedValue($"the {target.Kind}'s item {wide}");
            case TextValue text when Numbers.TryGetInteger(key, out var wide):
                return Character(text, Numbers.Clamp(wide), interpreter.Budget);
            default:
                return key is TextValue name ? FindOwn(interpreter, target, name.Text) ?? Missing(target, name.Text) : new UndefinedValue($"the {target.Kind}'s item");
        }
    }

    /// <summary><c>target[from:to:by]</c></summary>
    public static Value Slice(Value target, Value? from, Value? to, Value? by, RenderBudget budget)
    {
        RequireDefined(target, "slice");
        var step = Bound(by) ?? 1;
        if (step == 0)
            throw new TemplateFault("a slice cannot go on by 0");
        switch (target)
        {
            case ListValue list:
                var items = Indexes(list.Items.Count, Bound(from), Bound(to), step, budget).Select(index => list.Items[index]);
                return new ListValue([.. items], list.IsTuple);
            case TextValue text:
                budget.Read(text.Length);
                var starts = CodePoints.Starts(text.Text);
                var result = new TextBuilder(budget);
                if (step == 1)
                {
                    var (begin, end) = Range(starts.Length - 1, Bound(from), Bound(to), step);
                    return begin < end ? text.Slice(starts[begin], starts[end] - starts[begin]) : TextValue.Empty;
                }
                foreach (var index in Indexes(starts.Length - 1, Bound(from), Bound(to), step, budget))
                    result.Append(text, starts[index], starts[index + 1] - starts[index]);
                return result.ToText();
            default:
                throw new TemplateFault($"a {target.Kind} cannot be sliced");
        }
    }

    private static Value? FindOwn(Interpreter interpreter, Value target, string name)
    {
        RequireDefined(target, name);
        return target switch
        {
            TextValue text => StringMethods.Find(interpreter, text, name),
            MapValue map => MapMethods.Find(interpreter, map, name),
            ListValue list => ListMethods.Find(interpreter, list, name),
            NamespaceValue space => space.Attributes.GetValueOrDefault(name),
            LoopValue loop => loop.Find(name),
            CallableValue callable when name == "name" => TextValue.OfTemplate(callable.Name),
            _ => null,
        };
    }

    private static UndefinedValue Missing(Value target, string name) => new($"the {target.Kind}'s '{name}'");

    private static void RequireDefined(Value target, string wanted)
    {
        if (target is UndefinedValue undefined)
            throw new TemplateFault($"{undefined.What} is undefined, so it has no '{wanted}'");
    }

    private static Value Character(TextValue text, int index, RenderBudget budget)
    {
        budget.Read(text.Length);
        var starts = CodePoints.Starts(text.Text);
        index = index < 0 ? index + starts.Length - 1 : index;
        return index >= 0 && index < starts.Length - 1
            ? text.Slice(starts[index], starts[index + 1] - starts[index])
            : new UndefinedValue($"the string's character {index}");
    }

    private static int? Bound(Value? value) => value switch
    {
        null or NoneValue => null,
        _ when Numbers.TryGetInteger(value, out var wide) => Numbers.Clamp(wide),
        _ => throw new TemplateFault($"a slice needs integers, but is given a {value.Kind}"),
    };

    private static (int Begin, int End) Range(int length, int? from, int? to, int step)
    {
        var (lowest, highest) = step > 0 ? (0, length) : (-1, length - 1);
        return (Place(from, step > 0 ? lowest : highest), Place(to, step > 0 ? highest : lowest));

        int Place(int? bound, int otherwise) =>
            bound is { } at ? Math.Clamp(at < 0 ? at + length : at, lowest, Math.Max(highest, lowest)) : otherwise;
    }

    private static IEnumerable<int> Indexes(int length, int? from, int? to, int step, RenderBudget budget)
    {
        var (begin, end) = Range(length, from, to, step);
        for (long index = begin; step > 0 ? index < end : index > end; index += step)
        {
            budget.Step();
            yield return (int)index;
        }
    }
}
