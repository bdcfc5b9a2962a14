using System.Globalization;
using System.Security.Claims;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.VectorFs;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LLMOS.Silo.Http.Mcp;

/// <summary>The files of VectorFS as resources: <c>vectorfs:///knowledge/facts.md</c>, with <c>?version=2</c> an older one.</summary>
internal sealed class FileResources(LlmosClient client)
{
    private const string Scheme = "vectorfs";
    private const int PageSize = 100;

    public static ListResourceTemplatesResult ListTemplates() => new()
    {
        ResourceTemplates =
        [
            new ResourceTemplate { Name = "file", Title = "A file", UriTemplate = $"{Scheme}:///{{+path}}", Description = "The newest content of a file, or what is in a directory." },
            new ResourceTemplate { Name = "version", Title = "A version of a file", UriTemplate = $"{Scheme}:///{{+path}}{{?version}}", Description = "The content of a file as an older version has it; the tool history lists them." },
        ],
    };

    /// <summary>Files in the order of their paths, a hundred at once.</summary>
    public async ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request)
    {
        try
        {
            CallerContext.Claim = await CallerAsync(request.User);
            var after = request.Params?.Cursor is { } cursor ? VfsPath.Normalize(cursor) : "";
            var result = new ListResourcesResult { Resources = [] };
            await foreach (var file in WalkAsync(VfsPath.Root, after))
            {
                if (result.Resources.Count == PageSize)
                {
                    result.NextCursor = PathOf(result.Resources[^1].Uri).Path;
                    break;
                }

                result.Resources.Add(new Resource { Uri = UriOf(file.Path), Name = VfsPath.NameOf(file.Path), MimeType = MimeOf(file.Path), Size = file.Length });
            }

            return result;
        }
        catch (LlmosException error)
        {
            throw Translate(error);
        }
    }

    public async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request)
    {
        var uri = request.Params?.Uri ?? "";
        try
        {
            CallerContext.Claim = await CallerAsync(request.User);
            var (path, version) = PathOf(uri);
            var node = await client.Files.StatAsync(path) ?? throw LlmosException.NotFound($"There is nothing at '{path}'.");
            var isFile = node.Kind == NodeKind.File;
            var text = isFile ? await client.Files.ReadAsync(path, version) : string.Join('\n', (await client.Files.ListAsync(path)).Select(file => UriOf(file.Path)));
            return new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = isFile ? MimeOf(path) : "text/uri-list", Text = text }] };
        }
        catch (LlmosException error)
        {
            throw Translate(error);
        }
    }

    /// <summary>The principal of the key; null for the program that the silo runs in.</summary>
    /// <exception cref="LlmosException">The key is for a process that may read nothing.</exception>
    private async Task<Caller?> CallerAsync(ClaimsPrincipal? user)
    {
        var key = ApiKeyIdentity.KeyOf(user);
        if (key?.Pid is { } pid && await AsServer.CallAsync(() => client.GetProcessAsync(pid)) is var process
            && (process.State == ProcessState.Terminated || !process.Permissions.HasFlag(Permissions.ReadContext)))
        {
            throw LlmosException.Denied($"process {pid} ({process.Name}) {(process.State == ProcessState.Terminated ? "has ended" : "has no READ_CONTEXT")}, and the key {key.Id} is for its calls.");
        }

        return key is null ? null : Caller.Of(key);
    }

    /// <summary>The files below a directory, by names, after a path.</summary>
    private async IAsyncEnumerable<FileNode> WalkAsync(string directory, string after)
    {
        var name = "";
        if (after.Length > 0 && after != directory && VfsPath.IsWithin(after, directory))
        {
            // What the path goes through is only begun.
            name = after[(directory == VfsPath.Root ? 1 : directory.Length + 1)..].Split('/')[0];
            var child = directory == VfsPath.Root ? $"/{name}" : $"{directory}/{name}";
            if (child != after && await client.Files.StatAsync(child, followLink: false) is { Kind: NodeKind.Directory })
            {
                await foreach (var file in WalkAsync(child, after))
                {
                    yield return file;
                }
            }
        }

        while (await client.Files.ListAsync(directory, name) is { IsEmpty: false } nodes)
        {
            foreach (var node in nodes)
            {
                if (node.Kind == NodeKind.File)
                {
                    yield return node;
                    continue;
                }

                // What a symbolic link leads to is found where it is.
                if (node.Kind == NodeKind.SymbolicLink)
                {
                    continue;
                }

                await foreach (var file in WalkAsync(node.Path, ""))
                {
                    yield return file;
                }
            }

            name = VfsPath.NameOf(nodes[^1].Path);
        }
    }

    private static string UriOf(string path) => $"{Scheme}://{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    private static (string Path, long? Version) PathOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Scheme || uri.Host.Length > 0)
        {
            throw LlmosException.InvalidArgument($"'{(text.Length <= 80 ? text : text[..80] + "…")}' is no resource: use one such as {Scheme}:///knowledge/facts.md.");
        }

        const string query = "?version=";
        return uri.Query.Length == 0 ? (VfsPath.Normalize(Uri.UnescapeDataString(uri.AbsolutePath)), null)
            : uri.Query.StartsWith(query, StringComparison.Ordinal) && long.TryParse(uri.Query[query.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? (VfsPath.Normalize(Uri.UnescapeDataString(uri.AbsolutePath)), version)
            : throw LlmosException.InvalidArgument($"'{uri.Query}' asks for nothing that is known: use {query}N.");
    }

    private static string MimeOf(string path) => System.IO.Path.GetExtension(path) switch
    {
        ".md" => "text/markdown",
        ".json" => "application/json",
        ".html" => "text/html",
        ".csv" => "text/csv",
        _ => "text/plain",
    };

    private static McpProtocolException Translate(LlmosException error) =>
        new(error.Message, error.Code == LlmosErrorCode.NotFound ? McpErrorCode.ResourceNotFound : error.Code == LlmosErrorCode.InvalidArgument ? McpErrorCode.InvalidParams : McpErrorCode.InvalidRequest);
}
