using LLMOS.Client;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>VectorFS. Paths are in the query, because they have slashes.</summary>
internal static class FileEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("/files").WithTags("files");
        group.MapGet("", ListAsync).WithSummary("What is in a directory, by name.");
        group.MapDelete("", async (string path, bool? recursive, LlmosClient client) => new RemovedView(await client.Files.RemoveAsync(path, recursive ?? false))).WithSummary("Removes a file or a directory.");
        group.MapGet("/stat", async (string path, LlmosClient client) => FileView.Of(await client.Files.StatAsync(path) ?? throw LlmosException.NotFound($"There is nothing at '{(path.Length <= 80 ? path : path[..80] + "…")}'.")))
            .WithSummary("A file or directory, without its content.");
        group.MapGet("/content", async (string path, long? version, LlmosClient client) => Results.Text(await client.Files.ReadAsync(path, version), "text/plain; charset=utf-8"))
            .WithSummary("The content of a file.").Produces<string>(contentType: "text/plain");
        group.MapPut("/content", async (string path, long? expected, ContentBody body, LlmosClient client) => FileView.Of(await client.Files.WriteAsync(path, body.Text, expected)))
            .WithSummary("Makes a file or writes its next version; 'expected' is the version that is to be replaced, 0 for a new file.");
        group.MapPost("/content", async (string path, ContentBody body, LlmosClient client) => FileView.Of(await client.Files.AppendAsync(path, body.Text))).WithSummary("Adds to the end of a file.");
        group.MapGet("/history", async (string path, LlmosClient client) => new Page<FileVersion>(await client.Files.GetHistoryAsync(path), null)).WithSummary("The versions of a file, oldest first.");
        group.MapPost("/rollback", async (RollbackBody body, LlmosClient client) => FileView.Of(await client.Files.RollbackAsync(body.Path, body.Version))).WithSummary("Writes an older version as the next.");
        group.MapPost("/move", async (MoveBody body, LlmosClient client) => FileView.Of(await client.Files.MoveAsync(body.Path, body.To))).WithSummary("Moves a file or directory.");
        group.MapPost("/directories", async (PathBody body, LlmosClient client) => FileView.Of(await client.Files.MakeDirectoryAsync(body.Path))).WithSummary("Makes a directory, with those above it.");
        group.MapPost("/links", async (LinkBody body, LlmosClient client) => FileView.Of(await (body.Symbolic ? client.Files.LinkSymbolicallyAsync(body.Path, body.To) : client.Files.LinkAsync(body.Path, body.To))))
            .WithSummary("Gives a file one more name; with 'symbolic' a name that stands for a path.");
        group.MapPut("/shared", async (string path, SharedBody body, LlmosClient client) => FileView.Of(await client.Files.ShareAsync(path, body.Shared))).WithSummary("Lets others than the owner change a file, or not.");
        group.MapGet("/search", async (string query, string? path, DateTimeOffset? asOf, int? limit, LlmosClient client) =>
            new Page<MatchView>([.. (await client.Files.SearchAsync(query, path ?? "/", Paging.Limit(limit), asOf)).Select(MatchView.Of)], null))
            .WithSummary("Finds places by meaning and by words, the best first; with 'asOf' as the files were at a time, by meaning alone.");
        group.MapGet("/similar", async (string meaning, string? path, int? limit, LlmosClient client) =>
            new Page<MatchView>([.. (await client.Files.ListSimilarAsync(path ?? "/", meaning, Paging.Limit(limit))).Select(MatchView.Of)], null)).WithSummary("What is in a directory, the nearest to a meaning first.");
        group.MapGet("/grep", async (string pattern, string? path, int? limit, LlmosClient client) =>
            new Page<MatchView>([.. (await client.Files.GrepAsync(pattern, path ?? "/", Paging.Limit(limit))).Select(MatchView.Of)], null)).WithSummary("Finds lines with a text.");
        group.MapGet("/find", FindAsync).WithSummary(
            "Finds files, directories and links at a path and below it, all to which applies what is said: 'name' and 'iname' are patterns of names, 'type' is f, d or l, 'minLength' and 'maxLength' are bytes of files, 'newer' and 'older' times, "
            + "'owner' is a principal or a PID, 'depth' levels below the path, 'meaning' what it should be about, the nearest first.");
    }

    private static async Task<Page<FileView>> FindAsync(
        string? path, string? name, string? iname, string? type, long? minLength, long? maxLength, DateTimeOffset? newer, DateTimeOffset? older, string? owner, int? depth, string? meaning,
        int? limit, string? cursor, LlmosClient client, CancellationToken cancellationToken)
    {
        var filter = new FileFilter
        {
            Name = name,
            NameOfAnyCase = iname,
            Kind = type is null ? null : NodeKinds.Find(type) ?? throw VapiException.Wrong($"'type' is '{(type.Length <= 40 ? type : type[..40] + "…")}': use f for files, d for directories or l for links."),
            MinLength = minLength,
            MaxLength = maxLength,
            NewerThan = newer,
            OlderThan = older,
            Owner = owner,
            Depth = depth,
            Meaning = meaning,
        };
        var (found, most, next) = (new List<FileView>(), Paging.Limit(limit), cursor ?? "");
        do
        {
            // Where little is found of much, a part of the listing takes several of the tree's.
            var page = await client.Files.FindAsync(path ?? VfsPath.Root, filter, next, most - found.Count).WaitAsync(cancellationToken);
            found.AddRange(page.Nodes.Select(FileView.Of));
            next = page.Next;
        }
        while (next is not null && found.Count < most);
        return new Page<FileView>(found, next);
    }

    private static async Task<Page<FileView>> ListAsync(string? path, int? limit, string? cursor, LlmosClient client)
    {
        var most = Paging.Limit(limit);
        var nodes = await client.Files.ListAsync(path ?? "/", cursor ?? "", most);
        return new Page<FileView>([.. nodes.Select(FileView.Of)], nodes.Length < most ? null : VfsPath.NameOf(nodes[^1].Path));
    }
}
