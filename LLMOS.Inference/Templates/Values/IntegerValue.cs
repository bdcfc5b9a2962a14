namespace LLMOS.Inference.Templates.Values;

/// <summary>A whole number. Python's have no bound; 128 bits hold every identifier that a JSON text spells.</summary>
internal sealed class IntegerValue(Int128 value) : Value
{
    public Int128 Value => value;

    public override string Kind => "integer";

    public override bool IsTrue => value != 0;
}
