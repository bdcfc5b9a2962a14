using System.Text.Json.Nodes;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Http;

/// <summary>What a syscall gave, as a JSON object for programs: numbers as numbers, times in ISO 8601, durations in seconds.</summary>
internal static class SyscallResultJson
{
    public static JsonObject Of(SyscallResult result) => result switch
    {
        ProcessResult { Process: var process } => new JsonObject { ["process"] = Of(process) },
        ProcessListResult { Processes: var processes } => new JsonObject { ["processes"] = List(processes, Of) },
        MessageResult { Message: var message } => new JsonObject { ["message"] = message is null ? null : Of(message) },
        BroadcastResult { Recipients: var recipients } => new JsonObject { ["recipients"] = recipients },
        RegionResult { Region: var region } => new JsonObject
        {
            ["region"] = region.Path,
            ["owner"] = region.Owner,
            ["version"] = region.Version,
            ["entries"] = region.Entries,
            ["tokens"] = region.Tokens,
        },
        EntriesResult { Entries: var entries } => new JsonObject
        {
            ["entries"] = List(entries, entry => new JsonObject { ["pid"] = entry.Pid, ["author"] = entry.Author, ["text"] = entry.Text, ["tokens"] = entry.Tokens }),
        },
        VectorResult { Space: var space, Vector: var vector } => new JsonObject { ["space"] = space, ["vector"] = new JsonArray([.. vector.Select(value => JsonValue.Create(value))]) },
        LimitsResult limits => new JsonObject
        {
            ["pid"] = limits.Pid,
            ["tokens"] = new JsonObject { ["allocated"] = limits.Tokens.Allocated, ["consumed"] = limits.Tokens.Consumed, ["remaining"] = limits.Tokens.Remaining },
            ["context"] = new JsonObject { ["maxLength"] = limits.Context.MaxLength, ["currentLength"] = limits.Context.CurrentLength },
            ["usedTokens"] = limits.UsedTokens,
        },
        FileResult { File: var file } => new JsonObject { ["file"] = Of(file) },
        FilesResult { Files: var files } => new JsonObject { ["files"] = List(files, Of) },
        MatchesResult { Matches: var matches } => new JsonObject
        {
            ["matches"] = List(matches, match => new JsonObject { ["path"] = match.Path, ["line"] = match.Line, ["text"] = match.Text, ["similarity"] = match.Similarity }),
        },
        VersionsResult { Versions: var versions } => new JsonObject
        {
            ["versions"] = List(versions, version => new JsonObject
            {
                ["version"] = version.Version,
                ["at"] = version.At,
                ["author"] = version.Author,
                ["change"] = version.Change,
                ["length"] = version.Length,
            }),
        },
        _ => new JsonObject { ["text"] = SyscallSentence.Of(result) },
    };

    public static JsonObject Of(ProcessControlBlock process) => new()
    {
        ["pid"] = process.Pid,
        ["name"] = process.Name,
        ["kind"] = process.Kind.ToString().ToLowerInvariant(),
        ["state"] = process.State.ToString().ToUpperInvariant(),
        ["blockedOn"] = process.State == ProcessState.Blocked ? process.BlockedOn.ToString() : null,
        ["priority"] = process.Priority.Value,
        ["parent"] = process.ParentPid,
        ["owner"] = process.Owner,
        ["model"] = process.Model,
        ["budget"] = new JsonObject { ["allocated"] = process.Budget.Allocated, ["consumed"] = process.Budget.Consumed, ["remaining"] = process.Budget.Remaining },
        ["context"] = new JsonObject { ["maxLength"] = process.Context.MaxLength, ["currentLength"] = process.Context.CurrentLength, ["region"] = process.Context.Region },
        ["turns"] = process.Turns,
        ["promptTokens"] = process.PromptTokens,
        ["completionTokens"] = process.CompletionTokens,
        ["cpuTime"] = process.CpuTime.TotalSeconds,
        ["waiting"] = process.Waiting,
        ["createdAt"] = process.CreatedAt,
        ["endedAt"] = process.EndedAt,
        ["exit"] = process.Exit is { } exit ? new JsonObject { ["kind"] = exit.Kind.ToString().ToLowerInvariant(), ["code"] = exit.Code, ["text"] = exit.Text } : null,
    };

    private static JsonObject Of(VmpMessage message) => new()
    {
        ["messageId"] = message.MessageId,
        ["from"] = message.From,
        ["to"] = message.To,
        ["type"] = message.MessageType.ToString().ToUpperInvariant(),
        ["text"] = message.Payload,
        ["timestamp"] = message.Timestamp,
    };

    private static JsonObject Of(FileNode file) => new()
    {
        ["path"] = file.Path,
        ["kind"] = file.Kind.ToString().ToLowerInvariant(),
        ["length"] = file.Length,
        ["owner"] = file.Owner,
        ["version"] = file.Version,
        ["modifiedAt"] = file.ModifiedAt,
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> one) => new([.. items.Select(item => (JsonNode)one(item))]);
}
