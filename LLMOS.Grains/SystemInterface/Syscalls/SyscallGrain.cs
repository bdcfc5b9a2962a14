using System.Diagnostics;
using System.Globalization;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.Kernel.Telemetry;
using Orleans.Concurrency;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>
/// The dispatcher. It checks what it can see in the call itself; what the call touches is checked by the filter of the
/// grain that is touched, which it calls as the caller and not as the kernel.
/// </summary>
[StatelessWorker, Reentrant]
internal sealed class SyscallGrain(SyscallTable table, AuditScribe audit, IVectorSpace vectors, TimeProvider time) : Grain, ISyscallGrain
{
    private const int LongestArguments = 240;

    public async Task<SyscallResult> CallAsync(SyscallRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        // What is no syscall's name is anybody's text, which has no place in a tag.
        var name = SyscallCatalog.Find(request.Call?.Name ?? "")?.Name ?? "unknown";
        var began = Stopwatch.GetTimestamp();
        using var span = ToolTrace.Begin(name, request.AsPid ?? CallerContext.Behalf?.Pid);
        try
        {
            var result = await RunAsync(request);
            KernelMetrics.Syscall(name, error: null, began);
            return result;
        }
        catch (Exception error)
        {
            KernelMetrics.Syscall(name, error, began);
            ToolTrace.Fail(span, error);
            throw;
        }
    }

    private async Task<SyscallResult> RunAsync(SyscallRequest request)
    {
        var caller = CallerContext.Behalf ?? Caller.Kernel;
        var entry = Describe(request, caller);
        SyscallHandler handler;
        SyscallContext context;
        try
        {
            (handler, context) = await PrepareAsync(request, caller);
        }
        catch (LlmosException refusal)
        {
            var named = SyscallErrors.Named(refusal, entry.Syscall, null);
            await audit.RefusedAsync(entry, named);
            throw named;
        }

        entry = entry with { Source = context.Caller.Pid, Destination = context.Arguments.Pid("pid") };
        SyscallResult? result = null;
        await audit.RunAsync(entry, handler.RecordFirst, async () =>
        {
            CallerContext.Claim = context.Caller;
            try
            {
                result = await handler.RunAsync(context);
            }
            catch (LlmosException error)
            {
                throw SyscallErrors.Named(error, handler.Name, handler.Subject);
            }

            return handler.Name == "spawn" && result is ProcessResult { Process.Pid: var made } ? [made] : [];
        });
        return result!;
    }

    private async Task<(SyscallHandler Handler, SyscallContext Context)> PrepareAsync(SyscallRequest request, Caller caller)
    {
        if (request.Call is not { Name: not null, Args: not null } call)
        {
            throw LlmosException.InvalidArgument("The call has no name or no arguments: give both; no arguments are an empty list.");
        }

        var (definition, handler) = table.Get(call.Name);
        if (request.AsPid is { } pid)
        {
            var process = await GrainFactory.GetGrain<IProcessGrain>(pid).GetAsync();
            caller = process.State != ProcessState.Terminated && (caller.Owns(process) || caller.Has(Privileges.ManageProcesses))
                ? caller.As(process)
                : throw LlmosException.Denied(process.State == ProcessState.Terminated
                    ? $"nobody may call in the place of process {pid} ({process.Name}): it has ended."
                    : $"{caller} may not call in the place of process {pid} ({process.Name}): it is another's.");
        }

        AccessRules.Check(call.Name, caller, caller.Permissions, handler.Needs, Privileges.None);
        CheckVector(call.Name, definition, request.Vector);
        var arguments = await SyscallArguments.ReadAsync(definition, call, GrainFactory.GetGrain<IProcessTableGrain>(0));
        return (handler, new SyscallContext(caller, arguments, request.Vector, GrainFactory));
    }

    private void CheckVector(string syscall, SyscallDefinition definition, float[] vector)
    {
        const string argument = "vector";
        if (vector.Length == 0)
        {
            return;
        }

        if (definition.Name is not ("send" or "broadcast"))
        {
            throw SyscallErrors.Wrong(syscall, argument, "It takes no vector: only messages have one.");
        }

        if (vector.Length != vectors.Dimension)
        {
            throw SyscallErrors.Wrong(
                syscall, argument, string.Create(CultureInfo.InvariantCulture, $"A vector of {vector.Length} floats does not fit: the vector space has {vectors.Dimension} dimensions."));
        }

        if (Array.FindIndex(vector, value => !float.IsFinite(value)) is var wrong and >= 0)
        {
            throw SyscallErrors.Wrong(
                syscall, argument, string.Create(CultureInfo.InvariantCulture, $"The float at {wrong} is {vector[wrong]}, which cannot be compared with others: send finite floats."));
        }
    }

    private AuditEntry Describe(SyscallRequest request, Caller caller)
    {
        var name = request.Call?.Name ?? "";
        var arguments = request.Call?.Args is { } args
            ? string.Join(' ', args.Select(argument => $"{AuditOfCall.Shorten(argument.Key)}={AuditOfCall.Shorten(argument.Value?.ToString() ?? "")}"))
            : "";
        return new AuditEntry
        {
            At = time.GetUtcNow(),
            Principal = caller.Principal,
            Source = request.AsPid ?? caller.Pid,
            Syscall = AuditOfCall.Shorten(name),
            Arguments = arguments.Length <= LongestArguments ? arguments : arguments[..LongestArguments] + "…",
            VectorDigest = AuditOfCall.DigestOf(request.Vector),
            Tokens = request.Call?.Args?.GetValueOrDefault("text")?.Text is { } text ? TokenEstimate.Of(text) : 0,
            Result = "",
        };
    }
}
