using System.Globalization;

namespace LLMOS.Kernel.Scheduling;

/// <summary>A priority: 0 (highest) to 19.</summary>
[GenerateSerializer, Immutable, Alias("llmos.priority")]
public readonly record struct ProcessPriority : IComparable<ProcessPriority>
{
    public const int Highest = 0;
    public const int Lowest = 19;

    [Id(0)] private readonly int _value;

    /// <exception cref="LlmosException">The value is not 0 to 19.</exception>
    public ProcessPriority(int value)
    {
        if (value is < Highest or > Lowest)
        {
            throw LlmosException.InvalidArgument($"Priority {value} is outside the scale: use {Highest} (highest) to {Lowest}, or {ClassNames}.");
        }

        _value = value;
    }

    private const string ClassNames = "REALTIME, HIGH, NORMAL, LOW or IDLE";

    public static ProcessPriority Default => new(10);

    public int Value => _value;

    public PriorityClass Class => (PriorityClass)(_value / 4 > 4 ? 4 : _value / 4);

    /// <summary>The middle of a class: what its name stands for where a number could be.</summary>
    public static ProcessPriority Of(PriorityClass priorityClass) => new(((int)priorityClass * 4) + 2);

    /// <summary>Reads a number or the name of a class, in any casing.</summary>
    /// <exception cref="LlmosException">It is neither.</exception>
    public static ProcessPriority Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return new ProcessPriority(value);
        }

        return !text.Contains(',') && Enum.TryParse<PriorityClass>(text, ignoreCase: true, out var named)
            ? Of(named)
            : throw LlmosException.InvalidArgument($"'{text}' is no priority: use {Highest} (highest) to {Lowest}, or {ClassNames}.");
    }

    public int CompareTo(ProcessPriority other) => _value.CompareTo(other._value);

    public static bool operator <(ProcessPriority left, ProcessPriority right) => left._value < right._value;

    public static bool operator >(ProcessPriority left, ProcessPriority right) => left._value > right._value;

    public static bool operator <=(ProcessPriority left, ProcessPriority right) => left._value <= right._value;

    public static bool operator >=(ProcessPriority left, ProcessPriority right) => left._value >= right._value;

    public override string ToString() => _value.ToString(CultureInfo.InvariantCulture);
}
