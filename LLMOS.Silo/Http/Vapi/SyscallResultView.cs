using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LLMOS.Kernel.Memory;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>What a syscall gives: the one field that its result has.</summary>
internal sealed record SyscallResultView
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProcessView? Process { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProcessView>? Processes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MessageView? Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Recipients { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RegionInfo? Region { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ContextEntry>? Entries { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LimitsResult? Limits { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VectorResult? Vector { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FileView? File { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileView>? Files { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MatchView>? Matches { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileVersion>? Versions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The same as JSON, for the protocols that carry results in envelopes of their own.</summary>
    public static JsonObject Json(SyscallResult result) => JsonSerializer.SerializeToNode(Of(result), VapiJson.Options)!.AsObject();

    public static SyscallResultView Of(SyscallResult result) => result switch
    {
        ProcessResult process => new SyscallResultView { Process = ProcessView.Of(process.Process) },
        ProcessListResult list => new SyscallResultView { Processes = [.. list.Processes.Select(ProcessView.Of)] },
        MessageResult message => new SyscallResultView { Message = message.Message is { } some ? MessageView.Of(some) : null },
        BroadcastResult broadcast => new SyscallResultView { Recipients = broadcast.Recipients },
        RegionResult region => new SyscallResultView { Region = region.Region },
        EntriesResult entries => new SyscallResultView { Entries = entries.Entries },
        LimitsResult limits => new SyscallResultView { Limits = limits },
        VectorResult vector => new SyscallResultView { Vector = vector },
        FileResult file => new SyscallResultView { File = FileView.Of(file.File) },
        FilesResult files => new SyscallResultView { Files = [.. files.Files.Select(FileView.Of)] },
        MatchesResult matches => new SyscallResultView { Matches = [.. matches.Matches.Select(MatchView.Of)] },
        VersionsResult versions => new SyscallResultView { Versions = versions.Versions },
        TextResult text => new SyscallResultView { Text = text.Text },
        _ => throw new InvalidOperationException($"{result.GetType().Name} has no form in JSON."),
    };
}
