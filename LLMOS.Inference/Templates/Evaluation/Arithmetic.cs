using LLMOS.Inference.Templates.Syntax;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Python's arithmetic on numbers, and its plus, times and percent on texts and lists.</summary>
internal static class Arithmetic
{
    public static Value Apply(BinaryOperator operation, Value left, Value right, RenderBudget budget)
    {
        RequireDefined(left);
        RequireDefined(right);
        switch (operation, left, right)
        {
            case (BinaryOperator.Add, TextValue a, TextValue b):
                return Join(a, b, budget);
            case (BinaryOperator.Add, ListValue a, ListValue b) when a.IsTuple == b.IsTuple:
                budget.Step(a.Items.Count + (long)b.Items.Count);
                return new ListValue([.. a.Items, .. b.Items], a.IsTuple);
            case (BinaryOperator.Multiply, TextValue or ListValue, IntegerValue or BooleanValue):
                return Repeat(left, right, budget);
            case (BinaryOperator.Multiply, IntegerValue or BooleanValue, TextValue or ListValue):
                return Repeat(right, left, budget);
            case (BinaryOperator.Modulo, TextValue format, _):
                return PercentFormat.Apply(format, right is ListValue { IsTuple: true } tuple ? tuple.Items : [right], budget);
        }
        if (Numbers.TryGetInteger(left, out var leftInteger) && Numbers.TryGetInteger(right, out var rightInteger))
            return ApplyToIntegers(operation, leftInteger, rightInteger);
        if (Numbers.TryGetDouble(left, out var leftNumber) && Numbers.TryGetDouble(right, out var rightNumber))
            return new FloatValue(ApplyToFloats(operation, leftNumber, rightNumber));
        throw new TemplateFault($"a {left.Kind} and a {right.Kind} cannot be {Participle(operation)}");
    }

    public static Value ApplySign(bool isMinus, Value operand)
    {
        RequireDefined(operand);
        return operand switch
        {
            FloatValue number => new FloatValue(isMinus ? -number.Value : number.Value),
            _ when Numbers.TryGetInteger(operand, out var integer) => new IntegerValue(isMinus ? -integer : integer),
            _ => throw new TemplateFault($"a {operand.Kind} has no sign"),
        };
    }

    private static void RequireDefined(Value value)
    {
        if (value is UndefinedValue undefined)
            throw new TemplateFault($"{undefined.What} is undefined");
    }

    private static TextValue Join(TextValue left, TextValue right, RenderBudget budget)
    {
        var text = new TextBuilder(budget);
        text.Append(left);
        text.Append(right);
        return text.ToText();
    }

    private static Value Repeat(Value value, Value times, RenderBudget budget)
    {
        _ = Numbers.TryGetInteger(times, out var wide);
        var count = Math.Max(0, Numbers.Clamp(wide));
        if (value is TextValue text)
        {
            var builder = new TextBuilder(budget);
            for (var i = 0; i < count && text.Length > 0; i++)
                builder.Append(text);
            return builder.ToText();
        }
        var list = (ListValue)value;
        budget.Step((long)count * list.Items.Count);
        return new ListValue([.. Enumerable.Repeat(list.Items, list.Items.Count == 0 ? 0 : count).SelectMany(items => items)], list.IsTuple);
    }

    private static Value ApplyToIntegers(BinaryOperator operation, Int128 left, Int128 right)
    {
        if (operation is BinaryOperator.Divide or BinaryOperator.FloorDivide or BinaryOperator.Modulo && right == 0)
            throw new TemplateFault("a number is divided by zero");
        try
        {
            return operation switch
            {
                BinaryOperator.Add => new IntegerValue(checked(left + right)),
                BinaryOperator.Subtract => new IntegerValue(checked(left - right)),
                BinaryOperator.Multiply => new IntegerValue(checked(left * right)),
                BinaryOperator.Divide => new FloatValue((double)left / (double)right),
                BinaryOperator.FloorDivide => new IntegerValue(FloorDivide(left, right)),
                BinaryOperator.Modulo => new IntegerValue(right == -1 ? 0 : (left % right) is var rest && rest != 0 && rest < 0 != right < 0 ? rest + right : rest),
                _ when right < 0 => new FloatValue(Math.Pow((double)left, (double)right)),
                _ => new IntegerValue(Power(left, right)),
            };
        }
        catch (OverflowException)
        {
            throw new TemplateFault("an integer becomes too large");
        }
    }

    private static Int128 FloorDivide(Int128 left, Int128 right)
    {
        if (right == -1)
            return checked(-left);
        var quotient = left / right;
        return left % right != 0 && left < 0 != right < 0 ? quotient - 1 : quotient;
    }

    private static Int128 Power(Int128 value, Int128 exponent)
    {
        if (value == 0 || value == 1 || value == -1)
            return exponent == 0 || (value == -1 && exponent % 2 == 0) ? 1 : value;
        Int128 power = 1;
        for (; exponent > 0; exponent--)
            power = checked(power * value);
        return power;
    }

    private static double ApplyToFloats(BinaryOperator operation, double left, double right)
    {
        if (operation is BinaryOperator.Divide or BinaryOperator.FloorDivide or BinaryOperator.Modulo && right == 0)
            throw new TemplateFault("a number is divided by zero");
        return operation switch
        {
            BinaryOperator.Add => left + right,
            BinaryOperator.Subtract => left - right,
            BinaryOperator.Multiply => left * right,
            BinaryOperator.Divide => left / right,
            BinaryOperator.FloorDivide => Math.Floor(left / right),
            BinaryOperator.Modulo => left - (right * Math.Floor(left / right)),
            _ => Math.Pow(left, right),
        };
    }

    private static string Participle(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Add => "added",
        BinaryOperator.Subtract => "subtracted",
        BinaryOperator.Multiply => "multiplied",
        BinaryOperator.Power => "raised to a power",
        _ => "divided",
    };
}
