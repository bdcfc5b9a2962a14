using System.Globalization;
using System.Text;
using LLMOS.Kernel.Processes;

namespace LLMOS.SystemInterface.VectorFs.Views;

/// <summary><c>/agents</c>: a file for each process that lives, named by its PID.</summary>
internal sealed class AgentsView(IGrainFactory grains, TimeProvider time) : FlatView
{
    private const int Most = 10_000;

    public override string Path => "/agents";

    protected override async Task<IEnumerable<ViewFile>> FilesAsync() =>
        (await AsCaller.CallAsync(() => grains.GetGrain<IProcessTableGrain>(0).ListAsync(new ProcessFilter { LiveOnly = true, Limit = Most }))).Select(FileOf);

    protected override async Task<ViewFile?> FileAsync(string name)
    {
        if (!long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid <= 0 || name[0] == '0')
        {
            return null;
        }

        try
        {
            return FileOf(await AsCaller.CallAsync(() => grains.GetGrain<IProcessGrain>(pid).GetAsync()));
        }
        catch (LlmosException nobody) when (nobody.Code == LlmosErrorCode.NotFound)
        {
            return null;
        }
    }

    private ViewFile FileOf(ProcessControlBlock process) => new(process.Pid.ToString(CultureInfo.InvariantCulture), TextOf(process))
    {
        Owner = process.Owner,
        Version = process.Turns + 1,
        CreatedAt = process.CreatedAt,
        ModifiedAt = time.GetUtcNow(),
    };

    private static string TextOf(ProcessControlBlock process)
    {
        var text = new StringBuilder();
        var state = process.State.ToString().ToUpperInvariant();
        text.Append(CultureInfo.InvariantCulture, $"name: {process.Name}\npid: {process.Pid}\nparent: {process.ParentPid}\nkind: {process.Kind.ToString().ToUpperInvariant()}\n");
        text.Append(CultureInfo.InvariantCulture, $"state: {state}{(process.State == ProcessState.Blocked ? $" ({process.BlockedOn.ToString().ToLowerInvariant()})" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"priority: {process.Priority.Value}\nprogram: {process.Program}\nmodel: {process.Model}\nowner: {process.Owner}\n");
        text.Append(CultureInfo.InvariantCulture, $"budget: {process.Budget.Consumed} of {process.Budget.Allocated} tokens\ntokens: {process.PromptTokens} read, {process.CompletionTokens} said\n");
        text.Append(CultureInfo.InvariantCulture, $"context: {process.Context.CurrentLength} of {process.Context.MaxLength} tokens in {process.Context.Region}\n");
        text.Append(CultureInfo.InvariantCulture, $"turns: {process.Turns}\nwaiting: {process.Waiting} messages\n");
        if (process.Role.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{process.Role}\n");
        }

        return text.ToString();
    }
}
