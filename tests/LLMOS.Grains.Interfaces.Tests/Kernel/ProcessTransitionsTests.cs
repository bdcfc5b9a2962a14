using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Kernel;

public sealed class ProcessTransitionsTests
{
    // Written down from the documented state machine, not from the code.
    private static readonly HashSet<(ProcessState, ProcessState)> Allowed =
    [
        (ProcessState.Running, ProcessState.Thinking),
        (ProcessState.Running, ProcessState.Blocked),
        (ProcessState.Running, ProcessState.Suspended),
        (ProcessState.Running, ProcessState.Terminated),
        (ProcessState.Thinking, ProcessState.Running),
        (ProcessState.Thinking, ProcessState.Blocked),
        (ProcessState.Thinking, ProcessState.Suspended),
        (ProcessState.Thinking, ProcessState.Terminated),
        (ProcessState.Blocked, ProcessState.Running),
        (ProcessState.Blocked, ProcessState.Suspended),
        (ProcessState.Blocked, ProcessState.Terminated),
        (ProcessState.Suspended, ProcessState.Running),
        (ProcessState.Suspended, ProcessState.Thinking),
        (ProcessState.Suspended, ProcessState.Blocked),
        (ProcessState.Suspended, ProcessState.Terminated),
    ];

    [Fact]
    public void The_table_is_the_documented_one()
    {
        foreach (var from in Enum.GetValues<ProcessState>())
        {
            foreach (var to in Enum.GetValues<ProcessState>())
            {
                Assert.True(
                    Allowed.Contains((from, to)) == ProcessTransitions.IsAllowed(from, to),
                    $"{from} to {to} is {(ProcessTransitions.IsAllowed(from, to) ? "allowed" : "refused")}");
            }
        }
    }

    [Fact]
    public void A_refusal_names_the_process_and_both_states()
    {
        var error = Assert.Throws<LlmosException>(() => ProcessTransitions.Ensure(42, ProcessState.Terminated, ProcessState.Running));
        Assert.Equal("Process 42 is TERMINATED and cannot become RUNNING.", error.Message);
        Assert.Equal(LlmosErrorCode.FailedPrecondition, error.Code);
    }
}
