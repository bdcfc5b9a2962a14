namespace LLMOS.Inference.Templates.Values;

internal sealed class FloatValue(double value) : Value
{
    public double Value => value;

    public override string Kind => "float";

    public override bool IsTrue => value != 0;
}
