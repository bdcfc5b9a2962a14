using System.Globalization;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Shell.Commands;
using LLMOS.Shell.Sessions;
using LLMOS.Shell.Syscalls;
using LLMOS.Silo;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Completion;

/// <summary>The words that can stand in a place of a command line, those of the system asked of it where it runs. It never starts one.</summary>
/// <param name="tree">The commands.</param>
/// <param name="system">Gives the system; null where none runs.</param>
/// <param name="options">Where the configuration is found.</param>
/// <param name="directory">Where relative paths begin.</param>
internal sealed class ShellCompleter(CommandTree tree, Func<LlmosClient?> system, SessionOptions options, WorkingDirectory directory)
{
    private const int MostWords = 1_000;

    /// <summary>How long the system may take; a completion that comes late disturbs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The words that begin with a prefix, in order.</summary>
    /// <param name="words">The words before it.</param>
    /// <param name="prefix">What is written; empty for nothing yet.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<string>> CompleteAsync(IReadOnlyList<string> words, string prefix, CancellationToken cancellationToken)
    {
        var expected = WordExpectation.Of(tree.Root, words, prefix);
        var found = expected.Words.Where(word => word.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        try
        {
            found.AddRange((await ListAsync(system(), expected.Kind, prefix).WaitAsync(Patience, cancellationToken)).Where(word => word.StartsWith(prefix, StringComparison.Ordinal)));
        }
        catch (Exception away) when (away is LlmosException or OrleansException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            // What is known without the system is what there is.
        }

        return [.. found.Distinct().Take(MostWords)];
    }

    private async Task<IEnumerable<string>> ListAsync(LlmosClient? client, WordKind kind, string prefix) => kind switch
    {
        WordKind.Command => tree.CommandNames,
        WordKind.Syscall => SyscallCatalog.All.Select(definition => definition.Name),
        WordKind.Setting => SiloConfigurationKeys.All,
        WordKind.HostPath => HostPaths(prefix),
        WordKind.Model => await Task.Run(() => new ModelChoice(SiloSettings.Read(options).Models).List().Select(model => model.Name).ToList()),
        _ when client is null => [],
        WordKind.Process => Names(await client.ListProcessesAsync(new ProcessFilter { LiveOnly = true, Limit = MostWords })),
        WordKind.Run => (await client.ListRunsAsync()).Reverse().Select(run => run.RunId),
        WordKind.Collection => (await client.Embeddings.ListAsync()).Select(collection => collection.Name),
        WordKind.Group => await client.ListGroupsAsync(),
        WordKind.VfsPath => await VfsPathsAsync(client, prefix),
        _ => [],
    };

    private static IEnumerable<string> Names(IReadOnlyCollection<ProcessControlBlock> processes) =>
        processes.Select(process => process.Pid.ToString(CultureInfo.InvariantCulture)).Concat(processes.Select(process => process.Name).Order(StringComparer.Ordinal));

    private async Task<IEnumerable<string>> VfsPathsAsync(LlmosClient client, string prefix)
    {
        if (prefix.Length == 0 && directory.Path == VfsPath.Root)
        {
            return ["/"];
        }

        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        var nodes = await client.Files.ListAsync(directory.Absolute(folder.Length == 0 ? "." : folder), limit: MostWords);
        return nodes.Select(node => folder + VfsPath.NameOf(node.Path) + (node.Kind == NodeKind.File ? "" : "/"));
    }

    private static IEnumerable<string> HostPaths(string prefix)
    {
        var folder = prefix[..(prefix.LastIndexOf(Path.DirectorySeparatorChar) + 1)];
        var entries = new DirectoryInfo(folder.Length == 0 ? "." : folder);
        return entries.Exists
            ? entries.EnumerateFileSystemInfos().Select(entry => folder + entry.Name + (entry is DirectoryInfo ? Path.DirectorySeparatorChar.ToString() : "")).Order(StringComparer.Ordinal)
            : [];
    }
}
