using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Client;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Http.Vapi;
using LLMOS.SystemInterface.Syscalls;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LLMOS.Silo.Http.Mcp;

/// <summary>Syscalls as tools. Who makes them is said by the key, and by no argument.</summary>
internal sealed class SyscallTools(LlmosClient client)
{
    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal) { "ps", "top", "help", "ls", "cat", "cd", "grep", "search", "history", "getrlimit", "embed", "wait" };

    /// <summary>What puts something in the place of a file's content: versions bring it back, but the protocol counts it as destructive.</summary>
    private static readonly HashSet<string> Overwriting = new(StringComparer.Ordinal) { "write", "move", "rollback" };

    private static readonly Tool[] Tools = [.. SyscallCatalog.All.Select(Of)];

    public static ListToolsResult List() => new() { Tools = [.. Tools] };

    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var name = request.Params?.Name ?? "";
        if (SyscallCatalog.Find(name) is null)
        {
            throw new McpProtocolException($"There is no tool '{(name.Length <= 60 ? name : name[..60] + "…")}': tools/list lists those there are.", McpErrorCode.InvalidParams);
        }

        try
        {
            var call = SyscallArgumentsJson.Read(name, request.Params?.Arguments ?? new Dictionary<string, JsonElement>());
            var key = ApiKeyIdentity.KeyOf(request.User);
            CallerContext.Claim = key is null ? null : Caller.Of(key);
            var result = await client.CallAsync(call, key?.Pid, cancellationToken: cancellationToken);
            return new CallToolResult
            {
                Content = [new TextContentBlock { Text = SyscallSentence.Of(result) }],
                StructuredContent = JsonSerializer.SerializeToElement(SyscallResultView.Of(result), VapiJson.Options),
            };
        }
        catch (LlmosException error)
        {
            // An error of the call is for the model to read, so that it can put it right.
            return Failed(error.Message);
        }
        catch (Exception away) when (away is OrleansException or TimeoutException)
        {
            return Failed("The system did not answer, and may be starting or stopping: ask again.");
        }
    }

    private static CallToolResult Failed(string sentence) => new() { IsError = true, Content = [new TextContentBlock { Text = sentence }] };

    private static Tool Of(SyscallDefinition call) => new()
    {
        Name = call.Name,
        Description = call.Description,
        InputSchema = JsonSerializer.SerializeToElement(Schema(call)),
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = ReadOnly.Contains(call.Name),
            DestructiveHint = call.IsDestructive || Overwriting.Contains(call.Name),
            OpenWorldHint = false,
        },
    };

    private static JsonObject Schema(SyscallDefinition call)
    {
        var properties = new JsonObject();
        foreach (var parameter in call.Parameters)
        {
            properties[parameter.Name] = Schema(parameter);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (call.Parameters.Any(parameter => parameter.Required))
        {
            schema["required"] = new JsonArray([.. call.Parameters.Where(parameter => parameter.Required).Select(parameter => JsonValue.Create(parameter.Name))]);
        }

        return schema;
    }

    private static JsonObject Schema(SyscallParameter parameter) => parameter.Type switch
    {
        SyscallArgumentType.Number => new JsonObject { ["type"] = "number" },
        SyscallArgumentType.Flag => new JsonObject { ["type"] = "boolean" },
        SyscallArgumentType.Process => Process(),
        SyscallArgumentType.Processes => new JsonObject { ["type"] = "array", ["items"] = Process() },
        SyscallArgumentType.Priority => new JsonObject
        {
            ["type"] = new JsonArray("integer", "string"),
            ["description"] = "0 (highest) to 19, or REALTIME, HIGH, NORMAL, LOW or IDLE",
        },
        SyscallArgumentType.Choice => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. parameter.Choices.Select(choice => JsonValue.Create(choice))]) },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Process() => new() { ["type"] = new JsonArray("integer", "string"), ["description"] = "A PID, or the name of a process" };
}
