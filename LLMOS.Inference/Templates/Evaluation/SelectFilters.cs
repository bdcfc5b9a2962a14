using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Filters that apply a filter or a test to each item.</summary>
internal static class SelectFilters
{
    public static Value Map(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var items = interpreter.Iterate(value);
        if (arguments.Positional.Count == 0)
        {
            var bound = arguments.Bind("map", "attribute", "default");
            var attribute = bound[0] ?? throw new TemplateFault("map needs the name of a filter or an attribute");
            return new ListValue([.. items.Select(item => ListFilters.Path(interpreter, item, attribute, bound[1]))]);
        }
        var name = Name("map", arguments);
        var rest = arguments.Rest();
        return new ListValue([.. items.Select(item =>
        {
            interpreter.Budget.Iterate();
            return interpreter.ApplyFilter(name, item, rest);
        })]);
    }

    public static Value Select(Interpreter interpreter, Value value, CallArguments arguments) => Choose(interpreter, value, arguments, wanted: true);

    public static Value Reject(Interpreter interpreter, Value value, CallArguments arguments) => Choose(interpreter, value, arguments, wanted: false);

    public static Value SelectAttribute(Interpreter interpreter, Value value, CallArguments arguments) => ChooseByAttribute(interpreter, value, arguments, wanted: true);

    public static Value RejectAttribute(Interpreter interpreter, Value value, CallArguments arguments) => ChooseByAttribute(interpreter, value, arguments, wanted: false);

    private static ListValue ChooseByAttribute(Interpreter interpreter, Value value, CallArguments arguments, bool wanted)
    {
        if (arguments.Positional is not [var attribute, ..])
            throw new TemplateFault("selectattr and rejectattr need the name of an attribute");
        return Choose(interpreter, value, arguments.Rest(), wanted, item => ListFilters.Path(interpreter, item, attribute, otherwise: null));
    }

    private static ListValue Choose(Interpreter interpreter, Value value, CallArguments arguments, bool wanted, Func<Value, Value>? part = null)
    {
        var name = arguments.Positional.Count == 0 ? null : Name("select", arguments);
        var rest = name is null ? arguments : arguments.Rest();
        return new ListValue([.. interpreter.Iterate(value).Where(item =>
        {
            interpreter.Budget.Iterate();
            var tested = part is null ? item : part(item);
            return wanted == (name is null ? tested.IsTrue : interpreter.ApplyTest(name, tested, rest));
        })]);
    }

    private static string Name(string filter, CallArguments arguments) =>
        arguments.Positional[0] is TextValue name ? name.Text : throw new TemplateFault($"{filter} needs a name as its first argument, but is given a {arguments.Positional[0].Kind}");
}
