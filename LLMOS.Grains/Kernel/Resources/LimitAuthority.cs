using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Resources;

/// <summary>Who may set the limits and the priority of a process: oneself and one's descendants may be held shorter; all else takes SUDO.</summary>
public static class LimitAuthority
{
    /// <param name="caller">Who asks.</param>
    /// <param name="pid">The process it is about.</param>
    /// <param name="ancestors">That process's ancestors.</param>
    /// <param name="raises">Whether it would be allowed more than before.</param>
    /// <param name="what">What is set, such as <c>the priority</c>.</param>
    /// <exception cref="LlmosException">The caller may not.</exception>
    public static void Ensure(LimitCaller caller, long pid, IReadOnlyCollection<long> ancestors, bool raises, string what)
    {
        ArgumentNullException.ThrowIfNull(ancestors);
        if (caller.Permissions.HasFlag(Permissions.Sudo))
        {
            return;
        }

        if (caller.Pid != pid && !ancestors.Contains(caller.Pid))
        {
            throw new LlmosException(
                LlmosErrorCode.PermissionDenied,
                $"Process {caller.Pid} may not set {what} of process {pid}, which is neither itself nor a descendant of it: that takes SUDO.");
        }

        if (raises)
        {
            throw new LlmosException(
                LlmosErrorCode.PermissionDenied,
                $"Process {caller.Pid} may not raise {what} of process {pid}: without SUDO it can only be lowered.");
        }
    }
}
