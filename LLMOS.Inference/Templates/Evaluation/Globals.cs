using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>The functions that every template has: Jinja2's own and those that chat templates are given besides.</summary>
internal static class Globals
{
    private const int LongestRange = 100_000;

    public static void AddTo(Scope scope, Interpreter interpreter)
    {
        scope.Set("range", new CallableValue("range", arguments => Range(arguments, interpreter.Budget)));
        scope.Set("namespace", new CallableValue("namespace", Namespace));
        scope.Set("dict", new CallableValue("dict", Map));
        scope.Set("raise_exception", new CallableValue("raise_exception", arguments => throw new TemplateFault(Message(arguments, interpreter.Budget))));
        scope.Set("strftime_now", new CallableValue("strftime_now", arguments => Time(arguments, interpreter)));
    }

    private static ListValue Range(CallArguments arguments, RenderBudget budget)
    {
        var bound = arguments.Bind("range", "start", "stop", "step").Where(value => value is not null).Select(value => (long)Filters.Integer("range", value!)).ToArray();
        var (from, to, by) = bound switch
        {
            [var only] => (0, only, 1),
            [var start, var stop] => (start, stop, 1),
            [var start, var stop, var step] when step != 0 => (start, stop, step),
            _ => throw new TemplateFault("range needs one to three integers, and a step that is not 0"),
        };
        var count = by > 0 ? Math.Max(0, (to - from + by - 1) / by) : Math.Max(0, (from - to - by - 1) / -by);
        if (count > LongestRange)
            throw new TemplateFault($"a range of {count} numbers is longer than the {LongestRange} that are allowed");
        budget.Step(count);
        return new ListValue([.. Enumerable.Range(0, (int)count).Select(i => (Value)new IntegerValue(from + (i * by)))]);
    }

    private static NamespaceValue Namespace(CallArguments arguments)
    {
        var space = new NamespaceValue();
        foreach (var (key, value) in Pairs("namespace", arguments).Items)
            space.Attributes[key is TextValue name ? name.Text : throw new TemplateFault("a namespace's attributes need names that are strings")] = value;
        return space;
    }

    private static MapValue Map(CallArguments arguments) => Pairs("dict", arguments);

    private static MapValue Pairs(string name, CallArguments arguments)
    {
        var map = new MapValue();
        foreach (var source in arguments.Positional)
        {
            if (source is not MapValue given)
                throw new TemplateFault($"{name} needs a dict or named values, but is given a {source.Kind}");
            foreach (var (key, value) in given.Items)
                map.Set(key, value);
        }
        foreach (var (key, value) in arguments.Named)
            map.Set(key, value);
        return map;
    }

    private static string Message(CallArguments arguments, RenderBudget budget) =>
        arguments.Bind("raise_exception", "message")[0] is { } message ? ValueText.Of(message, budget).Text : "the template refuses the chat";

    private static TextValue Time(CallArguments arguments, Interpreter interpreter)
    {
        if (arguments.Bind("strftime_now", "format")[0] is not TextValue format)
            throw new TemplateFault("strftime_now needs a format");
        interpreter.Budget.Read(format.Length);
        return TextValue.Of(TimeFormat.Apply(format.Text, interpreter.Now), format.HasData);
    }
}
