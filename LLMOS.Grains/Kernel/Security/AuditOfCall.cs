using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using Orleans.Serialization.Invocation;

namespace LLMOS.Kernel.Security;

/// <summary>What the audit log says of a grain call.</summary>
internal static class AuditOfCall
{
    /// <summary>Characters of one text argument that are kept: enough to know it by, the whole of it is where it was written.</summary>
    public const int TextLength = 60;

    // A path is whole: it is what a record is found by.
    private const int KeyLength = 240;

    public static AuditEntry Describe(GrainId target, IInvokable request, RequiresAttribute rule, Caller caller, DateTimeOffset at)
    {
        var process = request.GetInterfaceType() == typeof(IProcessGrain) && target.TryGetIntegerKey(out var pid, out _) ? pid : default(long?);
        var message = default(OutgoingMessage);
        var arguments = new List<string>();
        if (typeof(IGrainWithStringKey).IsAssignableFrom(request.GetInterfaceType()))
        {
            // A region's path, an account, a group: what the call is about is the grain's key.
            arguments.Add(Shorten(target.Key.ToString() ?? "", KeyLength));
        }

        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            var argument = request.GetArgument(i);
            message = argument as OutgoingMessage ?? message;
            if (Brief(argument) is { } brief)
            {
                arguments.Add(brief);
            }
        }

        return new AuditEntry
        {
            At = at,
            Principal = caller.Principal,
            Source = message is null || message.To == process ? caller.Pid : process,
            Destination = message?.To ?? process ?? Concerned(request, rule),
            Syscall = rule.What,
            Arguments = string.Join(' ', arguments),
            VectorDigest = message is null ? [] : DigestOf(message.Vector),
            Tokens = message is null ? 0 : TokenEstimate.Of(message.Payload),
            Result = "",
        };
    }

    /// <summary>The processes that a call made, which nobody knew before; empty for one that makes none.</summary>
    /// <param name="rule">The rule of the call.</param>
    /// <param name="result">What it gave.</param>
    public static ImmutableArray<long> MadeBy(RequiresAttribute rule, object? result) => rule.Syscall != "spawn" ? [] : result switch
    {
        ProcessControlBlock process => [process.Pid],
        ImmutableArray<ProcessControlBlock> processes => [.. processes.Select(process => process.Pid)],
        _ => [],
    };

    /// <summary>SHA-256 of a vector's floats as they are stored; empty for no vector.</summary>
    public static ImmutableArray<byte> DigestOf(ReadOnlySpan<float> vector) =>
        vector.IsEmpty ? [] : ImmutableCollectionsMarshal.AsImmutableArray(SHA256.HashData(MemoryMarshal.AsBytes(vector)));

    /// <summary>A text, shortened and on one line.</summary>
    public static string Shorten(string text, int length = TextLength)
    {
        var line = text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] + "…" : text;
        return line.Length <= length ? line : line[..length] + "…";
    }

    /// <summary>The process that a call names as the one whose thing it touches.</summary>
    private static long? Concerned(IInvokable request, RequiresAttribute rule) =>
        rule.Scope == AccessScope.Argument && request.GetArgumentCount() > 0 && request.GetArgument(0) is long pid ? pid : null;

    private static string? Brief(object? argument) => argument switch
    {
        string text => Shorten(text),
        ProcessSpec spec => Shorten(spec.Name ?? ""),
        ImmutableArray<SpawnRequest> { IsDefault: false } several => Shorten(string.Join(' ', several.Select(one => one?.Spec?.Name))),
        ApiKey key => Shorten($"{key.Principal} {key.Role.ToString().ToLowerInvariant()}"),
        ExitReason reason => Shorten(reason.Text),
        ContextEntry entry => Shorten(entry.Text),
        Enum or long or int or double or bool or Guid or Scheduling.ProcessPriority => string.Create(CultureInfo.InvariantCulture, $"{argument}"),
        _ => null,
    };
}
