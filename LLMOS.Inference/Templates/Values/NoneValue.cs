namespace LLMOS.Inference.Templates.Values;

internal sealed class NoneValue : Value
{
    private NoneValue()
    {
    }

    public static NoneValue Instance { get; } = new();

    public override string Kind => "none";

    public override bool IsTrue => false;
}
