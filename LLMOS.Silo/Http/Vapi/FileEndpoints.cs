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
        group.MapGet("/search", async (string query, string? path, int? limit, LlmosClient client) =>
            new Page<MatchView>([.. (await client.Files.SearchAsync(query, path ?? "/", Paging.Limit(limit))).Select(MatchView.Of)], null)).WithSummary("Finds places by meaning and by words, the best first.");
        group.MapGet("/grep", async (string pattern, string? path, int? limit, LlmosClient client) =>
            new Page<MatchView>([.. (await client.Files.GrepAsync(pattern, path ?? "/", Paging.Limit(limit))).Select(MatchView.Of)], null)).WithSummary("Finds lines with a text.");
    }

    private static async Task<Page<FileView>> ListAsync(string? path, int? limit, string? cursor, LlmosClient client)
    {
        var most = Paging.Limit(limit);
        var nodes = await client.Files.ListAsync(path ?? "/", cursor ?? "", most);
        return new Page<FileView>([.. nodes.Select(FileView.Of)], nodes.Length < most ? null : VfsPath.NameOf(nodes[^1].Path));
    }
}
