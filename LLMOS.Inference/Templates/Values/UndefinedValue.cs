namespace LLMOS.Inference.Templates.Values;

/// <summary>What a name, an attribute or an item that does not exist is: it prints nothing, and most other uses of it are errors.</summary>
/// <param name="what">What does not exist, as the beginning of a sentence: <c>'x'</c>, <c>the dict's 'x'</c>.</param>
internal sealed class UndefinedValue(string what) : Value
{
    public string What => what;

    public override string Kind => "undefined value";

    public override bool IsTrue => false;
}
