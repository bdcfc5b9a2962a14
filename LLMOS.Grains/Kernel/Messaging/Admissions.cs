namespace LLMOS.Kernel.Messaging;

/// <summary>What a mailbox's refusal means to a sender that does not wait.</summary>
internal static class Admissions
{
    /// <exception cref="LlmosException">The mailbox does not take the message.</exception>
    public static void Ensure(long pid, MailboxAdmission admission)
    {
        switch (admission.Verdict)
        {
            case MailboxVerdict.Unknown:
                throw LlmosException.NotFound($"There is no process {pid}: 'ps' lists those there are.");
            case MailboxVerdict.Ended:
                throw LlmosException.Refused($"Process {pid} ({admission.Name}) has ended and takes no messages.");
            case MailboxVerdict.Full:
                throw new LlmosException(
                    LlmosErrorCode.ResourceExhausted,
                    $"The mailbox of process {pid} ({admission.Name}) is full: it has {admission.Messages} of {admission.MaxMessages} messages and "
                    + $"{admission.Bytes} of {admission.MaxBytes} bytes. Nothing was sent; do it again when the process has handled some.");
            default:
                break;
        }
    }
}
