namespace LLMOS.Simulator;

/// <summary>A trace or an option that cannot be simulated; the message says what is wrong, the value and the way out.</summary>
internal sealed class SimulatorException : Exception
{
    public SimulatorException(string message)
        : base(message)
    {
    }

    public SimulatorException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
