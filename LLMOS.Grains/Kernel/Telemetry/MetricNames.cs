namespace LLMOS.Kernel.Telemetry;

/// <summary>The names of what the system counts beside the conventions (<see cref="GenAiNames"/>), and of its tags. No tag has a PID or anything else without a bound.</summary>
public static class MetricNames
{
    // Processes.
    public const string Processes = "llmos.processes";
    public const string ProcessesSpawned = "llmos.processes.spawned";
    public const string ProcessesEnded = "llmos.processes.ended";
    public const string TurnDuration = "llmos.turn.duration";

    // Syscalls.
    public const string SyscallDuration = "llmos.syscall.duration";

    // Messages.
    public const string MailboxMessages = "llmos.mailbox.messages";
    public const string MessagesSent = "llmos.messages.sent";
    public const string MessagesAcknowledged = "llmos.messages.acknowledged";
    public const string MessagesRetried = "llmos.messages.retried";
    public const string MessagesDead = "llmos.messages.dead";

    // Budgets.
    public const string BudgetRefused = "llmos.budget.refused";
    public const string BudgetWaits = "llmos.budget.waits";

    // Levels of memory.
    public const string MemoryPages = "llmos.memory.pages";
    public const string MemoryBytes = "llmos.memory.bytes";
    public const string MemoryHits = "llmos.memory.hits";
    public const string MemoryMisses = "llmos.memory.misses";
    public const string MemoryEvictions = "llmos.memory.evictions";

    // Engines.
    public const string EngineSteps = "llmos.engine.steps";
    public const string EngineServed = "llmos.engine.served_sequences";
    public const string EngineMaxSequences = "llmos.engine.max_sequences";
    public const string EngineSwitches = "llmos.engine.context_switches";
    public const string EngineActive = "llmos.engine.active";
    public const string EngineWaiting = "llmos.engine.waiting";
    public const string EngineResident = "llmos.engine.resident";
    public const string EngineQueueTime = "llmos.engine.queue_time";
    public const string EngineCancelledSteps = "llmos.engine.cancelled_steps";
    public const string EngineRestarts = "llmos.engine.restarts";
    public const string EngineDecoded = "llmos.engine.decoded_tokens";
    public const string EngineForced = "llmos.engine.forced_tokens";
    public const string EngineDrafted = "llmos.engine.drafted_tokens";
    public const string EngineAccepted = "llmos.engine.accepted_tokens";
    public const string EnginePrefilled = "llmos.engine.prefilled_tokens";
    public const string EngineCached = "llmos.engine.cached_tokens";
    public const string EngineShared = "llmos.engine.shared_tokens";
    public const string EngineRecomputed = "llmos.engine.recomputed_tokens";
    public const string EngineEmbedded = "llmos.engine.embedded_texts";
    public const string EngineKvCells = "llmos.engine.kv_cells";
    public const string EngineKvReserved = "llmos.engine.kv_cells_reserved";
    public const string EngineKvTotal = "llmos.engine.kv_cells_total";
    public const string EngineHostCells = "llmos.engine.host_cells";
    public const string EngineDiskCells = "llmos.engine.disk_cells";
    public const string EngineRetained = "llmos.engine.retained_prefixes";
    public const string EngineEvictions = "llmos.engine.evictions";
    public const string EngineSwapsOut = "llmos.engine.swaps_out";
    public const string EngineSwapsIn = "llmos.engine.swaps_in";
    public const string EngineSpills = "llmos.engine.spills";
    public const string EnginePreemptions = "llmos.engine.preemptions";
    public const string EngineForks = "llmos.engine.forks";
    public const string EngineFaults = "llmos.engine.faults";
    public const string EngineSwappedBytes = "llmos.engine.swapped_bytes";

    // HTTP.
    public const string HttpDuration = "llmos.http.request.duration";

    // Tags.
    public const string State = "state";
    public const string Kind = "kind";
    public const string Type = "type";
    public const string Reason = "reason";
    public const string Program = "program";
    public const string Result = "result";
    public const string Syscall = "syscall";
    public const string Level = "level";
    public const string Model = "model";
    public const string Device = "device";
    public const string Door = "door";
    public const string HttpMethod = "http.request.method";
    public const string HttpStatus = "http.response.status_code";

    /// <summary>The value of <see cref="Result"/> where nothing went wrong.</summary>
    public const string Ok = "ok";
}
