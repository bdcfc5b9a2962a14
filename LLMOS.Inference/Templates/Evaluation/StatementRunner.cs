using LLMOS.Inference.Templates.Syntax;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Runs statements: prints to a text, assigns, repeats, and makes macros.</summary>
internal sealed class StatementRunner(Interpreter interpreter)
{
    private RenderBudget Budget => interpreter.Budget;

    public Flow Run(IReadOnlyList<Statement> body, Scope scope, TextBuilder output)
    {
        foreach (var statement in body)
        {
            try
            {
                Budget.Enter();
                var flow = Run(statement, scope, output);
                Budget.Leave();
                if (flow != Flow.Next)
                    return flow;
            }
            catch (TemplateFault fault)
            {
                throw new ChatTemplateException(statement.Position, fault.Message);
            }
        }
        return Flow.Next;
    }

    private Flow Run(Statement statement, Scope scope, TextBuilder output)
    {
        switch (statement)
        {
            case Statement.Text text:
                output.Append(text.Value);
                return Flow.Next;
            case Statement.Print print:
                output.Append(ValueText.Of(interpreter.Evaluate(print.Value, scope), Budget));
                return Flow.Next;
            case Statement.If branches:
                return RunIf(branches, scope, output);
            case Statement.For loop:
                return RunFor(loop, interpreter.Evaluate(loop.Items, scope), depth: 0, scope, output);
            case Statement.Set set:
                Assign(set.Targets, set.Attribute, interpreter.Evaluate(set.Value, scope), scope);
                return Flow.Next;
            case Statement.SetBlock block:
                Assign([block.Target], block.Attribute, Filter(block.Filter, Render(block.Body, new Scope(scope)), scope), scope);
                return Flow.Next;
            case Statement.FilterBlock block:
                output.Append(ValueText.Of(Filter(block.Filter, Render(block.Body, new Scope(scope)), scope), Budget));
                return Flow.Next;
            case Statement.Macro macro:
                scope.Set(macro.Name, MakeMacro(macro, scope));
                return Flow.Next;
            case Statement.CallBlock block:
                output.Append(ValueText.Of(Call(block, scope), Budget));
                return Flow.Next;
            case Statement.Scoped scoped:
                return RunScoped(scoped, scope, output);
            case Statement.Break:
                return Flow.Break;
            default:
                return Flow.Continue;
        }
    }

    private TextValue Render(IReadOnlyList<Statement> body, Scope scope)
    {
        var text = new TextBuilder(Budget);
        Run(body, scope, text);
        return text.ToText();
    }

    private Flow RunIf(Statement.If branches, Scope scope, TextBuilder output)
    {
        foreach (var (test, body) in branches.Branches)
        {
            if (interpreter.Evaluate(test, scope).IsTrue)
                return Run(body, scope, output);
        }
        return Run(branches.Else, scope, output);
    }

    private Flow RunScoped(Statement.Scoped scoped, Scope scope, TextBuilder output)
    {
        var inner = new Scope(scope);
        foreach (var (name, value) in scoped.Variables)
            inner.Set(name, interpreter.Evaluate(value, scope));
        return Run(scoped.Body, inner, output);
    }

    private Flow RunFor(Statement.For loop, Value collection, int depth, Scope scope, TextBuilder output)
    {
        var items = interpreter.Iterate(collection);
        if (loop.Filter is not null)
            items = [.. items.Where(item => Passes(loop, item, scope))];
        var state = new LoopValue(items, depth, loop.IsRecursive ? inner => Recurse(loop, inner, depth + 1, scope) : null);
        for (var i = 0; i < items.Count; i++)
        {
            Budget.Iterate();
            state.Index = i;
            var body = new Scope(scope);
            body.Set("loop", state);
            Unpack(loop.Targets, items[i], body);
            if (Run(loop.Body, body, output) == Flow.Break)
                break;
        }
        return items.Count == 0 ? Run(loop.Else, new Scope(scope), output) : Flow.Next;
    }

    private bool Passes(Statement.For loop, Value item, Scope scope)
    {
        Budget.Iterate();
        var inner = new Scope(scope);
        Unpack(loop.Targets, item, inner);
        return interpreter.Evaluate(loop.Filter!, inner).IsTrue;
    }

    private TextValue Recurse(Statement.For loop, Value items, int depth, Scope scope)
    {
        var text = new TextBuilder(Budget);
        RunFor(loop, items, depth, scope, text);
        return text.ToText();
    }

    private void Assign(IReadOnlyList<string> targets, string? attribute, Value value, Scope scope)
    {
        if (attribute is null)
            Unpack(targets, value, scope);
        else if (scope.Find(targets[0]) is NamespaceValue space)
            space.Attributes[attribute] = value;
        else
            throw new TemplateFault($"'{targets[0]}' is no namespace, so its '{attribute}' cannot be set: make it with namespace()");
    }

    private void Unpack(IReadOnlyList<string> targets, Value value, Scope scope)
    {
        if (targets.Count == 1)
        {
            scope.Set(targets[0], value);
            return;
        }
        var items = interpreter.Iterate(value);
        if (items.Count != targets.Count)
            throw new TemplateFault($"{items.Count} values cannot be given to the {targets.Count} names {string.Join(", ", targets)}");
        for (var i = 0; i < targets.Count; i++)
            scope.Set(targets[i], items[i]);
    }

    private Value Filter(Expression.Filter? filter, Value text, Scope scope)
    {
        if (filter is null)
            return text;
        var input = filter.Target is Expression.Filter first ? Filter(first, text, scope) : text;
        return interpreter.ApplyFilter(filter.Name, input, interpreter.EvaluateAll(filter.Arguments, scope));
    }

    private Value Call(Statement.CallBlock block, Scope scope)
    {
        var callee = interpreter.Evaluate(block.Call.Target, scope);
        var arguments = interpreter.EvaluateAll(block.Call.Arguments, scope);
        if (callee is not MacroValue macro)
            throw new TemplateFault($"a {callee.Kind} cannot be called with a block: name a macro");
        return macro.Invoke(arguments, MakeMacro(block.Caller, scope));
    }

    private MacroValue MakeMacro(Statement.Macro macro, Scope scope) =>
        new(macro.Name, (arguments, caller) => Expand(macro, scope, arguments, caller));

    private TextValue Expand(Statement.Macro macro, Scope scope, CallArguments arguments, Value? caller)
    {
        var bound = arguments.Bind($"the macro '{macro.Name}'", [.. macro.Parameters.Select(parameter => parameter.Name)]);
        var inner = new Scope(scope);
        inner.Set("caller", caller ?? new UndefinedValue("'caller'"));
        for (var i = 0; i < bound.Length; i++)
        {
            var (name, value) = macro.Parameters[i];
            inner.Set(name, bound[i] ?? (value is null ? new UndefinedValue($"the parameter '{name}'") : interpreter.Evaluate(value, inner)));
        }
        return Render(macro.Body, inner);
    }
}
