using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Tests.Running.Security;

/// <summary>Calls as somebody else than the machine's own user.</summary>
internal static class Speaking
{
    public static Caller Guest { get; } = Caller.Of("gwen", CallerRole.Guest);

    public static Caller User { get; } = Caller.Of("ursula", CallerRole.User);

    public static Caller OtherUser { get; } = Caller.Of("otto", CallerRole.User);

    public static Caller Operator { get; } = Caller.Of("olga", CallerRole.Operator);

    public static Caller Admin { get; } = Caller.Of("ada", CallerRole.Admin);

    public static async Task<T> As<T>(Caller caller, Func<Task<T>> act)
    {
        CallerContext.Claim = caller;
        return await act();
    }

    public static async Task As(Caller caller, Func<Task> act)
    {
        CallerContext.Claim = caller;
        await act();
    }

    /// <summary>Calls the dispatcher with a call as JSON has it.</summary>
    public static Task<SyscallResult> CallAsync(this RunningSystem system, string name, string args = "{}", long? asPid = null, float[]? vector = null) =>
        system.Grains.GetGrain<ISyscallGrain>(0).CallAsync(new SyscallRequest
        {
            Call = SyscallJson.Read($$"""[{"syscall":"{{name}}","args":{{args}}}]""")[0],
            AsPid = asPid,
            Vector = vector ?? [],
        });

    public static async Task<LlmosException> DeniedAsync(Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<LlmosException>(act);
        Assert.True(refusal.Code == LlmosErrorCode.PermissionDenied, $"{refusal.Code}: {refusal.Message}");
        return refusal;
    }
}
