using LLMOS.Inference.Templates.Syntax;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Filters that give numbers.</summary>
internal static class NumberFilters
{
    private const int FinestRounding = 15;

    public static Value Absolute(Interpreter interpreter, Value value, CallArguments arguments)
    {
        arguments.Bind("abs");
        return value switch
        {
            FloatValue number => new FloatValue(Math.Abs(number.Value)),
            _ when Numbers.TryGetInteger(value, out var integer) => Arithmetic.ApplySign(isMinus: integer < 0, value),
            _ => throw new TemplateFault($"abs needs a number, but is given a {value.Kind}"),
        };
    }

    public static Value Integer(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var otherwise = arguments.Bind("int", "default", "base")[0] ?? new IntegerValue(0);
        RequireDefined(value);
        return value switch
        {
            _ when Numbers.TryGetInteger(value, out var integer) => new IntegerValue(integer),
            FloatValue number when double.IsFinite(number.Value) && Math.Abs(number.Value) < 1e38 => new IntegerValue((Int128)number.Value),
            TextValue text when Numbers.TryParseInteger(text.Text, out var parsed) => new IntegerValue(parsed),
            TextValue text when Numbers.TryParseFloat(text.Text, out var parsed) && Math.Abs(parsed) < 1e38 => new IntegerValue((Int128)parsed),
            _ => otherwise,
        };
    }

    public static Value Float(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var otherwise = arguments.Bind("float", "default")[0] ?? new FloatValue(0);
        RequireDefined(value);
        return value switch
        {
            _ when Numbers.TryGetDouble(value, out var number) => new FloatValue(number),
            TextValue text when Numbers.TryParseFloat(text.Text, out var parsed) => new FloatValue(parsed),
            _ => otherwise,
        };
    }

    public static Value Round(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("round", "precision", "method");
        if (!Numbers.TryGetDouble(value, out var number))
            throw new TemplateFault($"round needs a number, but is given a {value.Kind}");
        var precision = bound[0] is null ? 0 : Math.Clamp(Filters.Integer("round", bound[0]!), -FinestRounding, FinestRounding);
        var scale = Math.Pow(10, precision);
        return new FloatValue((bound[1] as TextValue)?.Text switch
        {
            null or "common" => precision >= 0 ? Math.Round(number, precision, MidpointRounding.ToEven) : Math.Round(number * scale, MidpointRounding.ToEven) / scale,
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            var method => throw new TemplateFault($"round knows common, ceil and floor, but not '{method}'"),
        });
    }

    public static Value Sum(Interpreter interpreter, Value value, CallArguments arguments)
    {
        var bound = arguments.Bind("sum", "attribute", "start");
        return interpreter.Iterate(value)
            .Select(item => bound[0] is null or NoneValue ? item : ListFilters.Path(interpreter, item, bound[0]!, otherwise: null))
            .Aggregate(bound[1] ?? new IntegerValue(0), (sum, item) => Arithmetic.Apply(BinaryOperator.Add, sum, item, interpreter.Budget));
    }

    private static void RequireDefined(Value value)
    {
        if (value is UndefinedValue undefined)
            throw new TemplateFault($"{undefined.What} is undefined and no number");
    }
}
