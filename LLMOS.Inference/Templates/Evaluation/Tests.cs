using LLMOS.Inference.Templates.Syntax;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>What may stand behind <c>is</c>.</summary>
internal static class Tests
{
    internal delegate bool Test(Interpreter interpreter, Value value, CallArguments arguments);

    private static readonly Dictionary<string, Test> All = new(StringComparer.Ordinal)
    {
        ["defined"] = Simple(value => value is not UndefinedValue),
        ["undefined"] = Simple(value => value is UndefinedValue),
        ["none"] = Simple(value => value is NoneValue),
        ["boolean"] = Simple(value => value is BooleanValue),
        ["true"] = Simple(value => value is BooleanValue { Value: true }),
        ["false"] = Simple(value => value is BooleanValue { Value: false }),
        ["string"] = Simple(value => value is TextValue),
        ["integer"] = Simple(value => value is IntegerValue),
        ["float"] = Simple(value => value is FloatValue),
        ["number"] = Simple(value => value is IntegerValue or FloatValue or BooleanValue),
        ["mapping"] = Simple(value => value is MapValue),
        ["sequence"] = Simple(value => value is ListValue or MapValue or TextValue or UndefinedValue),
        ["iterable"] = Simple(value => value is ListValue or MapValue or TextValue or UndefinedValue),
        ["callable"] = Simple(value => value is CallableValue or MacroValue or LoopValue or UndefinedValue),
        ["escaped"] = Simple(_ => false),
        ["lower"] = Simple(value => value is TextValue text && text.Text.Any(char.IsLetter) && !text.Text.Any(char.IsUpper)),
        ["upper"] = Simple(value => value is TextValue text && text.Text.Any(char.IsLetter) && !text.Text.Any(char.IsLower)),
        ["odd"] = Simple(value => Integer(value) % 2 != 0),
        ["even"] = Simple(value => Integer(value) % 2 == 0),
        ["divisibleby"] = (_, value, arguments) => Integer(Other("divisibleby", arguments)) is var by && by != 0
            ? Integer(value) % by == 0
            : throw new TemplateFault("divisibleby needs a number that is not 0"),
        ["sameas"] = (_, value, arguments) => Other("sameas", arguments) is var other && (ReferenceEquals(value, other) || (value is not (ListValue or MapValue) && value.Kind == other.Kind && Operators.AreEqual(value, other, budget: null))),
        ["filter"] = (_, value, _) => value is TextValue name && Filters.Exists(name.Text),
        ["test"] = (_, value, _) => value is TextValue name && Exists(name.Text),
    };

    static Tests()
    {
        Add(ComparisonOperator.Equal, "eq", "equalto", "==");
        Add(ComparisonOperator.NotEqual, "ne", "!=");
        Add(ComparisonOperator.Less, "lt", "lessthan", "<");
        Add(ComparisonOperator.LessOrEqual, "le", "<=");
        Add(ComparisonOperator.Greater, "gt", "greaterthan", ">");
        Add(ComparisonOperator.GreaterOrEqual, "ge", ">=");
        Add(ComparisonOperator.In, "in");
    }

    public static bool Exists(string name) => All.ContainsKey(name);

    public static Test Find(string name) => All.GetValueOrDefault(name) ?? throw new TemplateFault($"there is no test '{name}'");

    private static Test Simple(Func<Value, bool> test) => (_, value, arguments) =>
    {
        arguments.Bind("the test");
        return test(value);
    };

    private static void Add(ComparisonOperator comparison, params string[] names)
    {
        foreach (var name in names)
            All[name] = (interpreter, value, arguments) => Operators.Compare(comparison, value, Other(name, arguments), interpreter.Budget);
    }

    private static Value Other(string name, CallArguments arguments) =>
        arguments.Bind($"the test '{name}'", "other")[0] ?? throw new TemplateFault($"the test '{name}' needs something to compare with");

    private static Int128 Integer(Value value) =>
        Numbers.TryGetInteger(value, out var integer) ? integer : throw new TemplateFault($"a {value.Kind} is neither odd nor even nor divisible");
}
