using System.Text.Json;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Templates;

/// <summary>Reads a template: a JSON object whose fields are those of a spec that a person would write down.</summary>
internal static class TemplateReader
{
    private const string Fields = "role, kind, program, model, priority, budget, hardCap, maxTokensPerTurn, temperature, permissions, restart, maxTurns, maxTokens, maxSeconds";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="LlmosException">It is no such object; the message names the field.</exception>
    public static ProcessSpec Read(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Wrong(name, "it is no JSON object");
            }

            var spec = new ProcessSpec { Name = name };
            foreach (var field in document.RootElement.EnumerateObject())
            {
                spec = With(spec, name, field.Name, field.Value);
            }

            return spec;
        }
        catch (JsonException broken)
        {
            throw Wrong(name, $"it is no JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}");
        }
    }

    private static ProcessSpec With(ProcessSpec spec, string name, string field, JsonElement value) => field switch
    {
        "role" => spec with { Role = Text(name, field, value) },
        "kind" => spec with { Kind = Named<ProcessKind>(name, field, value) },
        "program" => spec with { Program = Text(name, field, value) },
        "model" => spec with { Model = Text(name, field, value) },
        "priority" => spec with { Priority = ProcessPriority.Parse(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(name, field, value)) },
        "budget" => spec with { Budget = Whole(name, field, value) },
        "hardCap" => spec with { HardCap = Flag(name, field, value) },
        "maxTokensPerTurn" => spec with { MaxTokensPerTurn = (int)Math.Min(int.MaxValue, Whole(name, field, value)) },
        "temperature" => spec with { Temperature = (float)Number(name, field, value) },
        "permissions" => spec with { Permissions = PermissionsOf(name, field, value) },
        "restart" => spec with { Restart = Named<RestartPolicy>(name, field, value) },
        "maxTurns" => spec with { MaxTurns = Whole(name, field, value) },
        "maxTokens" => spec with { MaxTokens = Whole(name, field, value) },
        "maxSeconds" => spec with { MaxLifetime = TimeSpan.FromSeconds(Math.Clamp(Number(name, field, value), 0, 1e9)) },
        _ => throw Wrong(name, $"'{field}' is no field of a template: there are {Fields}"),
    };

    private static string Text(string name, string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, $"'{field}' is {value.GetRawText()}, and must be a text");

    private static bool Flag(string name, string field, JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, $"'{field}' is {value.GetRawText()}, and must be true or false");

    private static double Number(string name, string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : throw Wrong(name, $"'{field}' is {value.GetRawText()}, and must be a number");

    private static long Whole(string name, string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number > 0 ? number : throw Wrong(name, $"'{field}' is {value.GetRawText()}, and must be a whole number from 1 up");

    private static T Named<T>(string name, string field, JsonElement value)
        where T : struct, Enum => Enum.TryParse<T>(Text(name, field, value).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var read) && Enum.IsDefined(read)
        ? read
        : throw Wrong(name, $"'{field}' is {value.GetRawText()}, and must be one of {string.Join(", ", Enum.GetNames<T>())}");

    private static Permissions PermissionsOf(string name, string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, $"'{field}' is {value.GetRawText()}, and must be a list of names such as READ_CONTEXT");
        }

        var permissions = Permissions.None;
        foreach (var item in value.EnumerateArray())
        {
            permissions |= PermissionNames.Parse(Text(name, field, item));
        }

        return permissions;
    }

    private static LlmosException Wrong(string name, string why) => LlmosException.InvalidArgument($"The template '{name}' is wrong: {why}.");
}
