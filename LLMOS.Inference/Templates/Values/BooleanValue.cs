namespace LLMOS.Inference.Templates.Values;

internal sealed class BooleanValue : Value
{
    private BooleanValue(bool value) => Value = value;

    public static BooleanValue True { get; } = new(true);

    public static BooleanValue False { get; } = new(false);

    public bool Value { get; }

    public override string Kind => "boolean";

    public override bool IsTrue => Value;

    public static BooleanValue Of(bool value) => value ? True : False;
}
