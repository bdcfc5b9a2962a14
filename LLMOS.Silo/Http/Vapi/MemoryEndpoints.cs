using LLMOS.Client;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Levels of memory and context regions.</summary>
internal static class MemoryEndpoints
{
    public static void MapMemory(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("/memory").WithTags("memory");
        group.MapGet("", async (LlmosClient client) => new Page<SiloMemory>(await client.GetMemoryAsync(), null)).WithSummary("What the levels of memory of each silo hold.");
        group.MapGet("/region", async (string path, LlmosClient client) => await client.GetRegionAsync(path)).WithSummary("A context region.");
        group.MapGet("/region/pages", async (string path, LlmosClient client) => new Page<RegionPage>(await client.ListPagesAsync(path), null)).WithSummary("Its pages, oldest first.");
        group.MapGet("/region/entries", async (string path, LlmosClient client) => new Page<ContextEntry>(await client.ReadRegionAsync(path), null)).WithSummary("What it holds, oldest first.");
        group.MapPut("/region/pin", async (PinBody body, LlmosClient client) =>
        {
            await client.PinPageAsync(body.Path, body.Page, body.Pinned);
            return Results.NoContent();
        }).WithSummary("Keeps a page in the windows of those that read it, or lets it go.").Produces(StatusCodes.Status204NoContent);
    }
}
