using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary><c>loop</c>: where a loop is.</summary>
/// <param name="items">What it goes through.</param>
/// <param name="depth">How many loops of the same kind it is inside of, for recursive ones.</param>
/// <param name="recurse">Renders the loop's body for other items; null when it is not recursive.</param>
internal sealed class LoopValue(IReadOnlyList<Value> items, int depth, Func<Value, Value>? recurse) : Value
{
    private Value? _changed;

    public int Index { get; set; }

    public override string Kind => "loop";

    public Value? Find(string name) => name switch
    {
        "index" => Number(Index + 1),
        "index0" => Number(Index),
        "revindex" => Number(items.Count - Index),
        "revindex0" => Number(items.Count - Index - 1),
        "first" => BooleanValue.Of(Index == 0),
        "last" => BooleanValue.Of(Index == items.Count - 1),
        "length" => Number(items.Count),
        "depth" => Number(depth + 1),
        "depth0" => Number(depth),
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("there is no previous item: loop.previtem"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new UndefinedValue("there is no next item: loop.nextitem"),
        "cycle" => new CallableValue("loop.cycle", Cycle),
        "changed" => new CallableValue("loop.changed", Changed),
        _ => null,
    };

    public Value Recurse(CallArguments arguments)
    {
        if (recurse is null)
            throw new TemplateFault("the loop is called, but is not recursive: write {% for … recursive %}");
        return recurse(arguments.Bind("loop", "items")[0] ?? throw new TemplateFault("loop needs the items to go through"));
    }

    private Value Cycle(CallArguments arguments) =>
        arguments.Positional.Count > 0 ? arguments.Positional[Index % arguments.Positional.Count] : throw new TemplateFault("loop.cycle needs values to go through");

    private BooleanValue Changed(CallArguments arguments)
    {
        var values = new ListValue(arguments.Positional, isTuple: true);
        var changed = _changed is null || !Operators.AreEqual(_changed, values, budget: null);
        _changed = values;
        return BooleanValue.Of(changed);
    }

    private static IntegerValue Number(int value) => new(value);
}
