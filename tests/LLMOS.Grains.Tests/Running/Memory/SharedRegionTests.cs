using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.Tests.Running.Security;

namespace LLMOS.Tests.Running.Memory;

/// <summary>What a part in a region of another's allows.</summary>
public sealed class SharedRegionTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task A_purpose_has_the_same_region_each_time_and_another_purpose_has_another()
    {
        var owner = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "allocator", Program = ProcessPrograms.Mailbox })).Pid;
        Assert.Equal($"/mem/{owner}/keepbigred", await AllocateAsync("keep big red things"));
        Assert.Equal($"/mem/{owner}/keepbigred-2", await AllocateAsync("keep big red cars"));
        Assert.Equal($"/mem/{owner}/keepbigred", await AllocateAsync("keep big red things"));
        Assert.Equal($"/mem/{owner}/keepbigred-2", await AllocateAsync("keep big red cars"));
        Assert.Equal($"/mem/{owner}/mine", await AllocateAsync("one thing", ", \"name\": \"mine\""));
        Assert.Equal($"/mem/{owner}/mine", await AllocateAsync("another thing", ", \"name\": \"mine\""));

        async Task<string> AllocateAsync(string purpose, string more = "") =>
            ((RegionResult)await _system.CallAsync("malloc", $$"""{"purpose": "{{purpose}}"{{more}}}""", owner)).Region.Path;
    }

    [Fact]
    public async Task Who_may_write_to_a_region_neither_frees_it_nor_shares_it_with_others()
    {
        var owner = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "owner", Program = ProcessPrograms.Mailbox })).Pid;
        var writer = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "writer", Program = ProcessPrograms.Mailbox })).Pid;
        var region = ((RegionResult)await _system.CallAsync("malloc", """{"purpose": "store user preferences"}""", owner)).Region.Path;
        Assert.Equal($"/mem/{owner}/storeuserpreferences", region);
        await Speaking.DeniedAsync(() => CallAsync("append", writer, ", \"text\": \"x\"", "path"));
        await CallAsync("share", owner, $", \"pid\": {writer}, \"mode\": \"write\"");
        await CallAsync("append", writer, ", \"text\": \"likes tea\"", "path");

        var refused = await Speaking.DeniedAsync(() => CallAsync("free", writer));
        Assert.Contains($"the region {region} is another's, and who may write to it neither shares nor frees it", refused.Message, StringComparison.Ordinal);
        await Speaking.DeniedAsync(() => CallAsync("share", writer, $", \"pid\": {writer}, \"mode\": \"write\""));
        Assert.Equal(1, (await _system.Grains.GetGrain<IContextRegionGrain>(region).GetInfoAsync())!.Entries);

        // What is said last holds, where no mode is said too.
        foreach (var mode in (string[])[", \"mode\": \"read\"", ""])
        {
            await CallAsync("share", owner, $", \"pid\": {writer}, \"mode\": \"write\"");
            await CallAsync("share", owner, $", \"pid\": {writer}{mode}");
            var unwritten = await Speaking.DeniedAsync(() => CallAsync("append", writer, ", \"text\": \"likes coffee\"", "path"));
            Assert.Contains("is not shared with it for writing", unwritten.Message, StringComparison.Ordinal);
            Assert.Single(Assert.IsType<EntriesResult>(await CallAsync("cat", writer, argument: "path")).Entries);
        }

        await CallAsync("free", owner);
        Assert.Null(await _system.Grains.GetGrain<IContextRegionGrain>(region).GetInfoAsync());

        Task<SyscallResult> CallAsync(string name, long pid, string more = "", string argument = "region") =>
            _system.CallAsync(name, $$"""{"{{argument}}": "{{region}}"{{more}}}""", pid);
    }
}
