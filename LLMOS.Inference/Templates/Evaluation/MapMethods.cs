using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>The methods of Python's dicts that change nothing.</summary>
internal static class MapMethods
{
    public static Value? Find(Interpreter interpreter, MapValue map, string name) => name switch
    {
        "items" => new CallableValue(name, arguments => WithoutArguments(name, arguments, Items(map, interpreter.Budget))),
        "keys" => new CallableValue(name, arguments => WithoutArguments(name, arguments, new ListValue([.. map.Items.Keys]))),
        "values" => new CallableValue(name, arguments => WithoutArguments(name, arguments, new ListValue([.. map.Items.Values]))),
        "copy" => new CallableValue(name, arguments => WithoutArguments(name, arguments, map)),
        "get" => new CallableValue(name, arguments =>
        {
            var bound = arguments.Bind("get", "key", "default");
            return map.Find(bound[0] ?? throw new TemplateFault("get needs a key")) ?? bound[1] ?? NoneValue.Instance;
        }),
        _ => null,
    };

    /// <summary>Its keys and values as pairs.</summary>
    public static ListValue Items(MapValue map, RenderBudget budget)
    {
        budget.Step(map.Items.Count);
        return new ListValue([.. map.Items.Select(item => new ListValue([item.Key, item.Value], isTuple: true))]);
    }

    private static Value WithoutArguments(string name, CallArguments arguments, Value value)
    {
        arguments.Bind(name);
        return value;
    }
}
