using LLMOS.Client.Watching;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A sample of the system.</summary>
internal sealed record ActivityView(
    DateTimeOffset At, IReadOnlyList<ProcessActivity> Processes, IReadOnlyList<EngineReport> Engines, IReadOnlyList<SiloMemory> Memory, IReadOnlyList<DeviceView> Devices);
