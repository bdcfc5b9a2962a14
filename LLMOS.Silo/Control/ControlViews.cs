using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Client.Control;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Http.Acp;

namespace LLMOS.Silo.Control;

/// <summary>The methods of the control socket: each is a view of the system.</summary>
/// <param name="client">The system.</param>
/// <param name="security">Who comes in as what.</param>
internal sealed class ControlViews(LlmosClient client, SecurityOptions security)
{
    // The socket is a shorter way to what the gateway gives, and no wider one.
    private readonly Caller _caller = Caller.Of(security.GatewayPrincipal, security.GatewayRole);

    /// <exception cref="AcpException">There is no such method, or a parameter is wrong.</exception>
    /// <exception cref="LlmosException">The system refuses the view.</exception>
    public async Task<JsonObject> CallAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        CallerContext.Claim = _caller;
        return method == ProcessListing.Method
            ? (await ProcessListing.ReadAsync(client, LiveOnly(parameters), Limit(parameters), cancellationToken)).ToJson()
            : throw new AcpException(AcpException.MethodNotFound, $"There is no method '{(method.Length <= 60 ? method : method[..60] + "…")}': there is {ProcessListing.Method}.");
    }

    private static bool LiveOnly(JsonElement parameters) => Get(parameters, "liveOnly")?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw new AcpException(AcpException.InvalidParams, "'liveOnly' must be true or false."),
    };

    private static int Limit(JsonElement parameters) => Get(parameters, "limit") switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var limit) && limit > 0 => limit,
        _ => throw new AcpException(AcpException.InvalidParams, $"'limit' must be how many processes are wanted at most, 1 to {int.MaxValue}."),
    };

    private static JsonElement? Get(JsonElement parameters, string name) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out var value) ? value : null;
}
