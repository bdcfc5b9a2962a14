using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Silo.Http.Live;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A sample of the system.</summary>
internal sealed record ActivityView(
    DateTimeOffset At, IReadOnlyList<BoardRow> Processes, IReadOnlyList<EngineReport> Engines, IReadOnlyList<SiloMemory> Memory, IReadOnlyList<DeviceView> Devices);
