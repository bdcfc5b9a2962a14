namespace LLMOS.SystemInterface.Syscalls;

/// <summary>
/// What a syscall gives. spawn, suspend, resume, wait, kill, setpriority and nice: <see cref="ProcessResult"/>; ps and top:
/// <see cref="ProcessListResult"/>; send and receive: <see cref="MessageResult"/>; broadcast: <see cref="BroadcastResult"/>;
/// malloc and share: <see cref="RegionResult"/>; cat: <see cref="EntriesResult"/>; embed: <see cref="VectorResult"/>;
/// getrlimit and setrlimit: <see cref="LimitsResult"/>; help, free and append: <see cref="TextResult"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmos.syscall-result")]
public abstract record SyscallResult;
