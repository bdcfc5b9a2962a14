using System.Collections.Immutable;
using System.Globalization;
using LLMOS.SystemInterface.Boot;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Tests.Child;

/// <summary>A silo that makes syscalls without end and names each effect once it is acknowledged.</summary>
internal static class SyscallLoop
{
    public static async Task<int> RunAsync(string folder)
    {
        await using var host = LlmosHost.CreateBuilder(new LlmosSiloOptions { Data = folder }).Build();
        await host.StartAsync();
        await foreach (var _ in host.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest { LoadModel = false }, CancellationToken.None))
        {
            // Each stage in its turn.
        }

        var dispatcher = host.Grains.GetGrain<ISyscallGrain>(0);
        while (true)
        {
            var process = ((ProcessResult)await CallAsync("spawn", ("name", SyscallValue.Of("victim")))).Process;
            Say("spawn", process.Pid);
            var pid = ("pid", SyscallValue.Of((decimal)process.Pid));
            await CallAsync("suspend", pid);
            Say("suspend", process.Pid);
            await CallAsync("send", pid, ("text", SyscallValue.Of("are you there?")));
            Say("send", process.Pid);
            await CallAsync("ps");
            await CallAsync("kill", pid);
            Say("kill", process.Pid);
        }

        Task<SyscallResult> CallAsync(string name, params (string Name, SyscallValue Value)[] arguments) => dispatcher.CallAsync(new SyscallRequest
        {
            Call = new SyscallCall(name, arguments.ToImmutableSortedDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal)),
        });
    }

    private static void Say(string syscall, long pid) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{syscall} {pid}"));
}
