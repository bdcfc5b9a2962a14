using LLMOS.Inference.Templates.Evaluation;

namespace LLMOS.Inference.Templates.Values;

/// <summary>A macro, a function or a method.</summary>
internal sealed class CallableValue(string name, Func<CallArguments, Value> invoke) : Value
{
    public string Name => name;

    public override string Kind => "function";

    public Value Invoke(CallArguments arguments) => invoke(arguments);
}
