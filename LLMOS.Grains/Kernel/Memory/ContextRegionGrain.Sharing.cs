using System.Globalization;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Memory;

// Who has a part in the region, and how much it may hold.
public sealed partial class ContextRegionGrain
{
    // Below it lie the regions of processes, each at its PID.
    private const string ProcessFolder = "/proc/";

    string? IGuardedGrain.WhyNot(Caller caller, bool write)
    {
        var region = state.State;
        if (region.Owner is null)
        {
            return Path.StartsWith(ProcessFolder, StringComparison.Ordinal) && !Path.StartsWith(OwnFolder(caller), StringComparison.Ordinal)
                ? $"regions below {ProcessFolder} are of the processes whose PIDs they bear"
                : null;
        }

        if (IsOwn(caller))
        {
            return null;
        }

        if (caller.Sandbox is { IsolatedContext: true })
        {
            return $"the region {Path} is another's and the context of the process is isolated";
        }

        var isShared = caller.Pid is { } reader && region.SharedWith.TryGetValue(reader, out var mayWrite) && (mayWrite || !write);
        return IsOfRun(caller) || isShared ? null : $"the region {Path} is another's and is not shared with it{(write ? " for writing" : "")}";
    }

    string? IGuardedGrain.WhyNotAsOwner(Caller caller) =>
        ((IGuardedGrain)this).WhyNot(caller, write: true)
        ?? (state.State.Owner is null || IsOwn(caller) || IsOfRun(caller) ? null : $"the region {Path} is another's, and who may write to it neither shares nor frees it");

    private bool IsOwn(Caller caller) => caller.Pid is { } pid
        ? state.State.Owner == OwnerOf(pid) || Path == caller.Region
        : state.State.Principal == caller.Principal;

    private bool IsOfRun(Caller caller) => caller.Group.Length > 0 && state.State.Owner == caller.Group;

    public async Task<RegionInfo> AllocateAsync(string owner, string purpose, long? maxTokens)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        if (maxTokens <= 0)
        {
            throw LlmosException.InvalidArgument($"A region of {maxTokens} tokens holds nothing: give it at least 1, or no size for no limit.");
        }

        var isNew = state.State.Owner is null;
        if (!await TryCreateAsync(owner))
        {
            throw LlmosException.Refused($"The region {Path} belongs to {state.State.Owner}: use another name.");
        }

        if (isNew)
        {
            state.State.Purpose = purpose;
            state.State.MaxTokens = maxTokens;
            await SaveAsync();
        }

        return (await GetInfoAsync())!;
    }

    public Task<bool> IsReadableByAsync(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Task.FromResult(caller.Has(Privileges.ManageProcesses) || ((IGuardedGrain)this).WhyNot(caller, write: false) is null);
    }

    public Task EnsureWritableAsync() => Task.CompletedTask;

    public async Task ShareAsync(long pid, bool write)
    {
        EnsureExists();
        var process = await GrainFactory.GetGrain<IProcessGrain>(pid).GetAsync();
        if (process.Sandbox is { IsolatedContext: true })
        {
            throw LlmosException.Refused($"Process {pid} ({process.Name}) has an isolated context: no region of another can be shared with it.", "pid");
        }

        state.State.SharedWith[pid] = write;
        await SaveAsync();
    }

    public async Task FreeAsync()
    {
        EnsureExists();
        await ReleaseAsync([.. state.State.Pages.Select(page => page.Id), .. SummaryIds()]);
        ForgetWindows();
        var (generation, segments) = (state.State.Generation, state.State.Segments);
        await state.ClearStateAsync();
        await ClearSegmentsAsync(generation, segments);
        EndWatches();
    }

    /// <summary>The owner that a process is.</summary>
    public static string OwnerOf(long pid) => string.Create(CultureInfo.InvariantCulture, $"process/{pid}");

    private static string OwnFolder(Caller caller) => caller.Pid is { } pid
        ? string.Create(CultureInfo.InvariantCulture, $"{ProcessFolder}{pid}/")
        : "//";

    private void EnsureExists()
    {
        if (state.State.Owner is null)
        {
            throw LlmosException.NotFound($"There is no context region {Path}.");
        }
    }

    /// <summary>Refuses an entry that the region, or the process that writes it, has no room for.</summary>
    private void EnsureRoom(long tokens)
    {
        var limit = state.State.MaxTokens;
        if (CallerContext.Behalf?.Sandbox?.MaxContextTokens is { } own && !(limit <= own))
        {
            limit = own;
        }

        if (limit is { } most)
        {
            var held = state.State.Pages.Sum(page => (long)page.Tokens);
            if (held + tokens > most)
            {
                throw new LlmosException(
                    LlmosErrorCode.ResourceExhausted,
                    $"The region {Path} holds {held} of {most} tokens and {tokens} more do not fit: free it, or give its writer a higher limit.");
            }
        }
    }
}
