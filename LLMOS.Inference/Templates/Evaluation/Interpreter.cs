using LLMOS.Inference.Templates.Syntax;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Evaluates expressions. One renders one chat; an error gets the place of the innermost expression that it happened in.</summary>
internal sealed class Interpreter(TemplateLimits limits, DateTimeOffset now)
{
    public RenderBudget Budget { get; } = new(limits);

    /// <summary>What the time is for <c>strftime_now</c>.</summary>
    public DateTimeOffset Now => now;

    public Value Evaluate(Expression expression, Scope scope)
    {
        try
        {
            Budget.Enter();
            var value = Dispatch(expression, scope);
            Budget.Leave();
            return value;
        }
        catch (TemplateFault fault)
        {
            throw new ChatTemplateException(expression.Position, fault.Message);
        }
    }

    /// <summary>The items of a list, the keys of a dict, the characters of a string; nothing of what is undefined.</summary>
    public IReadOnlyList<Value> Iterate(Value value)
    {
        switch (value)
        {
            case ListValue list:
                Budget.Step(list.Items.Count);
                return list.Items;
            case MapValue map:
                Budget.Step(map.Items.Count);
                return [.. map.Items.Keys];
            case TextValue text:
                Budget.Step(text.Length);
                var starts = CodePoints.Starts(text.Text);
                return [.. Enumerable.Range(0, starts.Length - 1).Select(i => text.Slice(starts[i], starts[i + 1] - starts[i]))];
            case UndefinedValue:
                return [];
            default:
                throw new TemplateFault($"a {value.Kind} has no items to go through");
        }
    }

    public static Value Invoke(Value callee, CallArguments arguments) => callee switch
    {
        CallableValue callable => callable.Invoke(arguments),
        MacroValue macro => macro.Invoke(arguments, caller: null),
        LoopValue loop => loop.Recurse(arguments),
        UndefinedValue undefined => throw new TemplateFault($"{undefined.What} is undefined and cannot be called"),
        _ => throw new TemplateFault($"a {callee.Kind} cannot be called"),
    };

    public Value ApplyFilter(string name, Value input, CallArguments arguments) => Filters.Find(name)(this, input, arguments);

    public bool ApplyTest(string name, Value input, CallArguments arguments) => Tests.Find(name)(this, input, arguments);

    public CallArguments EvaluateAll(Arguments arguments, Scope scope) =>
        arguments.Positional.Count == 0 && arguments.Named.Count == 0
            ? CallArguments.None
            : new CallArguments(
                [.. arguments.Positional.Select(argument => Evaluate(argument, scope))],
                [.. arguments.Named.Select(argument => (argument.Name, Evaluate(argument.Value, scope)))]);

    private Value Dispatch(Expression expression, Scope scope) => expression switch
    {
        Expression.Constant constant => constant.Value,
        Expression.Variable variable => scope.Find(variable.Name) ?? new UndefinedValue($"'{variable.Name}'"),
        Expression.Attribute attribute => Members.Attribute(this, Evaluate(attribute.Target, scope), attribute.Name),
        Expression.Item item => Members.Item(this, Evaluate(item.Target, scope), Evaluate(item.Index, scope)),
        Expression.Slice slice => Members.Slice(Evaluate(slice.Target, scope), EvaluateOptional(slice.From, scope), EvaluateOptional(slice.To, scope), EvaluateOptional(slice.By, scope), Budget),
        Expression.Call call => Invoke(Evaluate(call.Target, scope), EvaluateAll(call.Arguments, scope)),
        Expression.Filter filter => ApplyFilter(filter.Name, Evaluate(filter.Target!, scope), EvaluateAll(filter.Arguments, scope)),
        Expression.Test test => BooleanValue.Of(ApplyTest(test.Name, Evaluate(test.Target, scope), EvaluateAll(test.Arguments, scope)) != test.IsNegated),
        Expression.Negation negation => BooleanValue.Of(!Evaluate(negation.Operand, scope).IsTrue),
        Expression.Sign sign => Arithmetic.ApplySign(sign.IsMinus, Evaluate(sign.Operand, scope)),
        Expression.Binary binary => Arithmetic.Apply(binary.Operator, Evaluate(binary.Left, scope), Evaluate(binary.Right, scope), Budget),
        Expression.Comparison comparison => Compare(comparison, scope),
        Expression.Logical logical => Evaluate(logical.Left, scope) is var left && left.IsTrue == logical.IsAnd ? Evaluate(logical.Right, scope) : left,
        Expression.Concatenation concatenation => Concatenate(concatenation, scope),
        Expression.Conditional conditional => EvaluateConditional(conditional, scope),
        Expression.Sequence sequence => new ListValue([.. sequence.Items.Select(item => Evaluate(item, scope))], sequence.IsTuple),
        Expression.Map map => MakeMap(map, scope),
        _ => throw new InvalidOperationException($"There is no evaluation of {expression.GetType().Name}."),
    };

    private Value? EvaluateOptional(Expression? expression, Scope scope) => expression is null ? null : Evaluate(expression, scope);

    private BooleanValue Compare(Expression.Comparison comparison, Scope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (comparing, operand) in comparison.Rest)
        {
            var right = Evaluate(operand, scope);
            if (!Operators.Compare(comparing, left, right, Budget))
                return BooleanValue.False;
            left = right;
        }
        return BooleanValue.True;
    }

    private TextValue Concatenate(Expression.Concatenation concatenation, Scope scope)
    {
        var text = new TextBuilder(Budget);
        foreach (var part in concatenation.Parts)
            text.Append(ValueText.Of(Evaluate(part, scope), Budget));
        return text.ToText();
    }

    private Value EvaluateConditional(Expression.Conditional conditional, Scope scope)
    {
        if (Evaluate(conditional.Condition, scope).IsTrue)
            return Evaluate(conditional.Then, scope);
        return conditional.Else is null ? new UndefinedValue("the value of an if without else") : Evaluate(conditional.Else, scope);
    }

    private MapValue MakeMap(Expression.Map map, Scope scope)
    {
        var value = new MapValue();
        foreach (var (key, item) in map.Items)
            value.Set(Evaluate(key, scope), Evaluate(item, scope));
        return value;
    }
}
