using LLMOS.Inference.Templates.Evaluation;

namespace LLMOS.Inference.Templates.Values;

/// <summary>A macro of the template.</summary>
/// <param name="name">What it is called.</param>
/// <param name="expand">Gives its text for arguments and for the block that it is called with, if it is.</param>
internal sealed class MacroValue(string name, Func<CallArguments, Value?, Value> expand) : Value
{
    public string Name => name;

    public override string Kind => "macro";

    public Value Invoke(CallArguments arguments, Value? caller) => expand(arguments, caller);
}
