using System.Globalization;
using LLMOS.Agents;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>malloc, free and share, on context regions.</summary>
internal sealed class MemorySyscalls : ISyscallSet
{
    public IEnumerable<SyscallHandler> Handlers =>
    [
        new("malloc", Permissions.WriteContext, true, "name", AllocateAsync),
        new("free", Permissions.WriteContext, true, "region", FreeAsync),
        new("share", Permissions.WriteContext, true, "region", ShareAsync),
    ];

    private static async Task<SyscallResult> AllocateAsync(SyscallContext context)
    {
        var purpose = context.Arguments.Text("purpose") ?? "";
        var size = context.Arguments.Whole("size", 1, long.MaxValue);
        var (folder, owner) = context.Caller.Pid is { } pid
            ? (pid.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"process/{pid}"))
            : (ProjectSlug.Of(context.Caller.Principal), $"principal/{context.Caller.Principal}");
        var said = context.Arguments.Text("name")?.Trim();
        var name = said ?? (purpose.Length > 0 ? ProjectSlug.Of(purpose) : Guid.NewGuid().ToString("N")[..8]);
        var path = name.StartsWith('/') ? name : RegionPath.AllocatedBy(folder) + name;
        RegionPath.Validate(path);

        // A purpose has the same region each time it is said; another one with the same first words has one of its own.
        for (var number = 1; ; number++)
        {
            var numbered = number == 1 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}-{number}");
            var region = await context.Grains.GetGrain<IContextRegionGrain>(numbered).AllocateAsync(owner, purpose, size);
            if (said is not null || region.Purpose == purpose)
            {
                return new RegionResult(region);
            }
        }
    }

    private static async Task<SyscallResult> FreeAsync(SyscallContext context)
    {
        var (region, info) = await context.RegionAsync(context.Arguments.Text("region")!);
        await region.FreeAsync();
        return new TextResult(string.Create(CultureInfo.InvariantCulture, $"{info.Path} is free: {info.Pages} pages, {info.Tokens} tokens"));
    }

    private static async Task<SyscallResult> ShareAsync(SyscallContext context)
    {
        var (region, info) = await context.RegionAsync(context.Arguments.Text("region")!);
        await region.ShareAsync(context.Arguments.Pid("pid")!.Value, context.Arguments.Text("mode") == "write");
        return new RegionResult(info);
    }
}
