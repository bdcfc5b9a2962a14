using LLMOS.Client;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Every syscall, through the one dispatcher.</summary>
internal static class SyscallEndpoints
{
    private const int MostCalls = 100;

    public static void MapSyscalls(this IEndpointRouteBuilder vapi)
    {
        var group = vapi.MapGroup("/syscalls").WithTags("syscalls");
        group.MapGet("", () => new Page<SyscallView>([.. SyscallCatalog.All.Select(SyscallView.Of)], null)).WithSummary("The syscalls there are.");
        group.MapPost("", CallAsync).WithSummary("Makes syscalls, one after the other, until one fails. What the first fails with is the answer; what a later one fails with stands in its place.");
    }

    private static async Task<SyscallsView> CallAsync(SyscallsBody body, LlmosClient client, HttpContext context)
    {
        if (body.Calls.Count is 0 or > MostCalls)
        {
            throw VapiException.Wrong($"'calls' has {body.Calls.Count} calls: send 1 to {MostCalls}.");
        }

        if (body.Calls.Any(call => call is not { Name: not null, Args: not null }))
        {
            throw VapiException.Wrong("A call has no 'syscall' or no 'args': give both; no arguments are {}.");
        }

        var pid = body.As is { } named ? await client.ResolveAsync(named) : default(long?);
        var results = new List<SyscallOutcome>();
        foreach (var call in body.Calls)
        {
            try
            {
                results.Add(new SyscallOutcome(call.Name, SyscallResultView.Of(await client.CallAsync(call, pid, cancellationToken: context.RequestAborted)), null));
            }
            catch (LlmosException error) when (results.Count > 0)
            {
                results.Add(new SyscallOutcome(call.Name, null, Problem.Of(error)));
                break;
            }
        }

        return new SyscallsView(results, body.Calls.Count - results.Count);
    }
}
