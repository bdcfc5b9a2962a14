using LLMOS.Client;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Syscalls;

/// <summary>Where the interactive shell is in VectorFS: relative paths begin there. Elsewhere it is the root.</summary>
internal sealed class WorkingDirectory
{
    private const string PathArgument = "path";

    // Of VectorFS, or of regions, which are absolute.
    private static readonly string[] PathArguments = [PathArgument, "to"];

    /// <summary>An absolute path.</summary>
    public string Path { get; private set; } = VfsPath.Root;

    /// <summary>An absolute path, of one that may be relative.</summary>
    /// <exception cref="LlmosException">It is none.</exception>
    public string Absolute(string path) => VfsPath.Normalize(path, Path);

    /// <summary>VectorFS with relative paths beginning here.</summary>
    public IVectorFsGrain Of(IVectorFsGrain files) => Path == VfsPath.Root ? files : new RelativeFiles(files, this);

    /// <summary>Makes a system call whose relative paths begin here; cd goes elsewhere.</summary>
    /// <exception cref="LlmosException">It is refused.</exception>
    public async Task<SyscallResult> CallAsync(LlmosClient client, SyscallCall call, long? pid, CancellationToken cancellationToken)
    {
        var result = await client.CallAsync(await HereAsync(client, call), pid, cancellationToken: cancellationToken);
        if (call.Name == "cd" && result is FileResult { File: var directory })
        {
            Path = directory.Path;
        }

        return result;
    }

    /// <summary>Whether an argument is a path; attention is lent "to" a process.</summary>
    internal static bool IsPath(SyscallParameter parameter) => parameter.Type == SyscallArgumentType.Text && PathArguments.Contains(parameter.Name);

    private async Task<SyscallCall> HereAsync(LlmosClient client, SyscallCall call)
    {
        if (Path == VfsPath.Root || SyscallCatalog.Find(call.Name) is not { } definition)
        {
            return call;
        }

        var arguments = call.Args;
        foreach (var parameter in definition.Parameters.Where(IsPath))
        {
            var said = arguments.GetValueOrDefault(parameter.Name)?.Text;
            var path = said switch
            {
                // What is looked in where nothing is said.
                null => !arguments.ContainsKey(parameter.Name) && !parameter.Required && parameter.Name == PathArgument ? Path : null,
                ['/', ..] => null,

                // A name in this directory, or a meaning.
                _ when call.Name == "cd" => (await client.Files.FindDirectoryAsync(said, Path)).Path,
                _ => Absolute(said),
            };
            arguments = path is null ? arguments : arguments.SetItem(parameter.Name, SyscallValue.Of(path));
        }

        return call with { Args = arguments };
    }
}
