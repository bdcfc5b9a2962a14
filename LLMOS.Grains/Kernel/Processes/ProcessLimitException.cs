namespace LLMOS.Kernel.Processes;

/// <summary>A limit is reached that ends the process.</summary>
internal sealed class ProcessLimitException(ExitReason reason) : Exception(reason.Text)
{
    public ExitReason Reason => reason;
}
