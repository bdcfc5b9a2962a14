namespace LLMOS.Inference.Templates.Values;

/// <summary>A value of a template, with Python's meaning.</summary>
internal abstract class Value
{
    /// <summary>How an error names what it is.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it counts as true where a condition is wanted.</summary>
    public virtual bool IsTrue => true;
}
