using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>The methods of Python's lists that change nothing.</summary>
internal static class ListMethods
{
    public static Value? Find(Interpreter interpreter, ListValue list, string name)
    {
        return name switch
        {
            "count" => new CallableValue("count", arguments => new IntegerValue(list.Items.Count(item => Operators.AreEqual(item, Wanted(arguments), interpreter.Budget)))),
            "index" => new CallableValue("index", Index),
            "append" or "extend" or "insert" or "remove" or "pop" or "clear" or "sort" or "reverse" => throw new TemplateFault($"{name} would change a list, which templates may not: make a new list with +"),
            _ => null,
        };

        IntegerValue Index(CallArguments arguments)
        {
            var wanted = Wanted(arguments);
            for (var i = 0; i < list.Items.Count; i++)
            {
                if (Operators.AreEqual(list.Items[i], wanted, interpreter.Budget))
                    return new IntegerValue(i);
            }
            throw new TemplateFault("the list does not have the item whose index is asked for");
        }

        Value Wanted(CallArguments arguments) => arguments.Bind(name, "value")[0] ?? throw new TemplateFault($"{name} needs a value");
    }
}
