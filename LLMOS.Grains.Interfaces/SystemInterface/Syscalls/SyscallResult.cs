namespace LLMOS.SystemInterface.Syscalls;

/// <summary>
/// What a syscall gives. spawn, suspend, resume, wait, kill, setpriority and nice: <see cref="ProcessResult"/>; ps and top:
/// <see cref="ProcessListResult"/>; send and receive: <see cref="MessageResult"/>; broadcast: <see cref="BroadcastResult"/>;
/// malloc and share: <see cref="RegionResult"/>; embed: <see cref="VectorResult"/>; getrlimit and setrlimit: <see cref="LimitsResult"/>;
/// cat of a region: <see cref="EntriesResult"/>; cd, write, mkdir, move, rollback and append to a file: <see cref="FileResult"/>; ls of a path:
/// <see cref="FilesResult"/>; ls of what is similar, grep and search: <see cref="MatchesResult"/>; history: <see cref="VersionsResult"/>;
/// help, index, free, remove, cat of a file and append to a region: <see cref="TextResult"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("llmos.syscall-result")]
public abstract record SyscallResult;
