using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Http.Vapi;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Silo.Http.Acp;

/// <summary>What one client may call, and what it has subscribed to. Calls are syscalls, made as the principal of its key.</summary>
/// <param name="client">The system.</param>
/// <param name="events">The events.</param>
/// <param name="localPrincipal">Who a client of this machine is that needs no key.</param>
/// <param name="key">The client's key; null for one that needs none.</param>
/// <param name="admit">Lets a call through: the key may be revoked or over its rate by now.</param>
internal sealed class AcpSession(LlmosClient client, AuditEvents events, string localPrincipal, ApiKey? key, Func<Task> admit) : IAsyncDisposable
{
    /// <summary>The version of the protocol.</summary>
    public const int Version = 1;

    private const int MaxSubscriptions = 16;

    private static readonly Dictionary<string, string> Syscalls = new(StringComparer.Ordinal)
    {
        ["process/spawn"] = "spawn",
        ["process/kill"] = "kill",
        ["process/suspend"] = "suspend",
        ["process/resume"] = "resume",
        ["process/wait"] = "wait",
        ["process/list"] = "ps",
        ["process/send"] = "send",
        ["process/swapModel"] = "swapModel",
        ["limits/get"] = "getrlimit",
        ["limits/set"] = "setrlimit",
        ["priority/set"] = "setpriority",
        ["priority/nice"] = "nice",
    };

    private static readonly string[] Methods = [.. Syscalls.Keys, "process/get", "events/subscribe", "events/unsubscribe"];

    private readonly ConcurrentDictionary<string, (CancellationTokenSource Stop, Task Reading)> _subscriptions = new(StringComparer.Ordinal);
    private int _named;
    private volatile bool _initialized;

    /// <summary>Sends a notification.</summary>
    public Func<string, JsonObject, Task> Notify { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>Whether the client has said its version.</summary>
    public bool IsInitialized => _initialized;

    private Caller? Caller => key is null ? null : Caller.Of(key);

    /// <summary>Makes a call.</summary>
    /// <exception cref="AcpException">There is no such method, or it is not its time.</exception>
    /// <exception cref="LlmosException">The system refuses the call.</exception>
    public async Task<JsonObject> CallAsync(string method, JsonElement parameters, CancellationToken cancellationToken)
    {
        await admit();
        if (method == "initialize")
        {
            return await InitializeAsync(parameters);
        }

        if (!_initialized)
        {
            throw new AcpException(AcpException.NotInitialized, $"The connection begins with 'initialize' and its protocolVersion, which is {Version}; this is '{Shorten(method)}'.");
        }

        CallerContext.Claim = Caller;
        if (Syscalls.TryGetValue(method, out var syscall))
        {
            var call = SyscallArgumentsJson.Read(syscall, parameters.ValueKind == JsonValueKind.Object ? parameters.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value)) : []);
            return SyscallResultView.Json(await client.CallAsync(call, cancellationToken: cancellationToken));
        }

        return method switch
        {
            "process/get" => SyscallResultView.Json(new ProcessResult(await client.GetProcessAsync(await client.ResolveAsync(Named(parameters, "pid"))))),
            "events/subscribe" => await SubscribeAsync(parameters),
            "events/unsubscribe" => await UnsubscribeAsync(Named(parameters, "subscription")),
            _ => throw new AcpException(AcpException.MethodNotFound, $"There is no method '{Shorten(method)}': there are {string.Join(", ", Methods)}."),
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _subscriptions.Keys)
        {
            await EndAsync(name);
        }
    }

    private async Task<JsonObject> InitializeAsync(JsonElement parameters)
    {
        if (Get(parameters, "protocolVersion") is not { ValueKind: JsonValueKind.Number } version || !version.TryGetInt32(out var asked) || asked != Version)
        {
            throw new AcpException(AcpException.InvalidParams, $"'protocolVersion' must be {Version}, the one version there is.");
        }

        var head = await events.HeadAsync();
        _initialized = true;
        return new JsonObject
        {
            ["protocolVersion"] = Version,
            ["server"] = new JsonObject { ["name"] = "llmos", ["version"] = typeof(AcpSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0] },
            ["principal"] = key?.Principal ?? localPrincipal,
            ["role"] = (key?.Role ?? CallerRole.Admin).ToString().ToLowerInvariant(),
            ["methods"] = new JsonArray([.. Methods.Select(name => JsonValue.Create(name))]),
            ["offset"] = head,
        };
    }

    private async Task<JsonObject> SubscribeAsync(JsonElement parameters)
    {
        var from = Get(parameters, "from") switch
        {
            null => await events.HeadAsync(),
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var offset) && offset >= 0 => offset,
            _ => throw new AcpException(AcpException.InvalidParams, "'from' must be the offset of the last event that was seen, or 0 for all."),
        };
        var pid = Get(parameters, "pid") is null ? default(long?) : await client.ResolveAsync(Named(parameters, "pid"));
        if (_subscriptions.Count >= MaxSubscriptions)
        {
            throw new AcpException(AcpException.Refused, $"A connection has at most {MaxSubscriptions} subscriptions: end one, or open another connection.", nameof(LlmosErrorCode.ResourceExhausted));
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"s{Interlocked.Increment(ref _named)}");
        var stop = new CancellationTokenSource();
        _subscriptions[name] = (stop, ReadAsync(name, from, pid, stop.Token));
        return new JsonObject { ["subscription"] = name, ["offset"] = from };
    }

    private async Task ReadAsync(string name, long from, long? pid, CancellationToken cancellationToken)
    {
        // The answer to the subscription goes first.
        await Task.Yield();
        try
        {
            await foreach (var record in events.ReadAsync(from, pid, Caller, cancellationToken))
            {
                var body = AuditEvents.Json(record);
                body.Insert(0, "subscription", name);
                await Notify("events/event", body);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or System.Net.WebSockets.WebSocketException or ObjectDisposedException)
        {
            // It is ended, or the client is gone.
        }
        catch (Exception failed) when (failed is LlmosException or OrleansException or TimeoutException)
        {
            await Notify("events/ended", new JsonObject { ["subscription"] = name, ["message"] = failed is LlmosException ? failed.Message : "The system does not answer: subscribe again from the last offset." });
        }
    }

    private async Task<JsonObject> UnsubscribeAsync(string name) => await EndAsync(name)
        ? new JsonObject { ["subscription"] = name }
        : throw new AcpException(AcpException.InvalidParams, $"There is no subscription '{Shorten(name)}' on this connection.");

    private async Task<bool> EndAsync(string name)
    {
        if (!_subscriptions.TryRemove(name, out var subscription))
        {
            return false;
        }

        await subscription.Stop.CancelAsync();
        await subscription.Reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        subscription.Stop.Dispose();
        return true;
    }

    private static string Named(JsonElement parameters, string name) => Get(parameters, name) switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } said => said,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => throw new AcpException(AcpException.InvalidParams, $"'{name}' is missing, or neither a name nor a number."),
    };

    private static JsonElement? Get(JsonElement parameters, string name) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
