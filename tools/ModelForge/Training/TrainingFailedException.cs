namespace ModelForge.Training;

/// <summary>A training cannot go on; the message is one sentence with the way out.</summary>
public sealed class TrainingFailedException : IOException
{
    public TrainingFailedException()
    {
    }

    public TrainingFailedException(string message)
        : base(message)
    {
    }

    public TrainingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Refuses a gradient, or weights, whose norm is infinite or not a number.</summary>
    internal static void ThrowIfNotANumber(double norm, long step, float peakRate, string what = "gradient")
    {
        if (!double.IsFinite(norm))
            throw new TrainingFailedException(
                $"The {what} of step {step} is not a number; the last good checkpoint stays: give the same command with a lower --rate than {peakRate:g}.");
    }
}
