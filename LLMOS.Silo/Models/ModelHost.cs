using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Resources;
using LLMOS.Silo.Placement;

namespace LLMOS.Silo.Models;

/// <summary>
/// The engines of this silo. Each model is loaded once for each device; the replicas placed there share its engine.
/// A model without a request under way stays until the room is wanted or its <see cref="SiloModelOptions.KeepAlive"/> has passed; a replica that has it may find it gone,
/// and its next request has it loaded again.
/// </summary>
internal sealed partial class ModelHost : IModelHost, IDeviceReporter, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<DeviceSlot> _slots;
    private readonly List<LoadedEngine> _remote = [];
    private readonly Dictionary<(string Model, int Replica), LoadedEngine> _leases = [];
    private readonly HashSet<Task> _unloading = [];
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly ModelRegistry _models;
    private readonly IModelBackend _backend;
    private readonly RemoteEngineFactory _remoteEngines;
    private readonly IDeviceMap _cluster;
    private readonly SiloAddress _silo;
    private readonly SiloModelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelHost> _logger;
    private readonly ITimer _sweep;
    private TaskCompletionSource _roomMade = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sequence;
    private bool _disposed;

    public ModelHost(
        DeviceInventory devices,
        ModelRegistry models,
        IModelBackend backend,
        RemoteEngineFactory remoteEngines,
        IDeviceMap cluster,
        ILocalSiloDetails silo,
        SiloModelOptions options,
        TimeProvider time,
        ILogger<ModelHost> logger)
    {
        _slots = [.. devices.Slots];
        _models = models;
        _backend = backend;
        _remoteEngines = remoteEngines;
        _cluster = cluster;
        _silo = silo.SiloAddress;
        _options = options;
        _time = time;
        _logger = logger;
        var period = options.SweepPeriod;
        _sweep = time.CreateTimer(_ => UnloadIdle(), null, period, period);
    }

    public async Task<Admission> AdmitAsync(string model, int replica, CancellationToken cancellationToken)
    {
        // Finding a model reads the head of its file, which is no work for a grain's turn.
        var source = await Task.Run(() => _models.Find(model), cancellationToken);
        LoadedEngine? engine;
        Task<IModelEngine> loading;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_leases.TryGetValue((model, replica), out engine))
            {
                engine = source is LocalEngineSource local ? Reserve(model, local) : ReserveRemote((RemoteEngineSource)source);
                if (engine is null)
                {
                    return Refuse(model, (LocalEngineSource)source);
                }

                engine.Take(model);
                _leases.Add((model, replica), engine);
            }
            else if (!engine.IsResident && !TryLoad(engine))
            {
                return Refuse(model, (LocalEngineSource)source);
            }

            engine.BeginUse(_time.GetTimestamp());
            loading = engine.Loading!;
        }

        try
        {
            var loaded = await loading.WaitAsync(cancellationToken);
            return new Admission(Accepted: true, Reason: "", Suggested: null, loaded.Card);
        }
        catch
        {
            Forget((model, replica), engine);
            throw;
        }
        finally
        {
            EndUse(engine, wasRequest: false);
            SignalChange();
        }
    }

    public bool CanContinue(string model) => !_models.IsRemote(model);

    public IModelEngine GetEngine(string model, int replica)
    {
        lock (_lock)
        {
            return _leases.TryGetValue((model, replica), out var engine)
                ? engine.Engine
                : throw LlmosException.Refused($"The replica {InferenceKeys.Create(model, replica)} was not admitted on this silo: call Admit first.");
        }
    }

    public Task EvictAsync(string model, int replica, bool unload = false)
    {
        lock (_lock)
        {
            if (_leases.Remove((model, replica), out var engine))
            {
                engine.GiveBack(model);
                if (engine.Leases == 0 && (engine.HasFailed || !engine.IsResident || (unload && engine is { IsIdle: true, Slot: not null })))
                {
                    Unload(engine);
                    AnnounceRoom();
                }
            }
        }

        SignalChange();
        return Task.CompletedTask;
    }

    public SiloDevices Report()
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            return new SiloDevices(_silo, ++_sequence, [.. _slots.Select(slot => Report(slot, now))]);
        }
    }

    public Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancellationToken) => _changed.WaitAsync(atMost, cancellationToken);

    /// <summary>Unloads all.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        Task[] unloading;
        lock (_lock)
        {
            _disposed = true;
            foreach (var engine in _slots.SelectMany(slot => slot.Engines).Concat(_remote).ToArray())
            {
                Unload(engine);
            }

            _leases.Clear();
            AnnounceRoom();
            unloading = [.. _unloading];
        }

        await Task.WhenAll(unloading);
        _changed.Dispose();
    }

    private LoadedEngine? Reserve(string model, LocalEngineSource source)
    {
        var states = _slots.ConvertAll(slot => State(slot, source));
        var chosen = AdmissionPolicy.Choose(states, source.MemoryBytes);
        if (chosen < 0)
        {
            return null;
        }

        var slot = _slots[chosen];
        var engine = Find(slot, source);
        if (engine is null)
        {
            engine = new LoadedEngine(this, source, slot, source.MemoryBytes, _options.KeepAliveOf(model, source.Name));
            slot.Engines.Add(engine);
        }

        if (engine.HasFailed)
        {
            Unload(engine, isKept: true);
        }

        if (!engine.IsResident)
        {
            Load(engine);
        }

        return engine;
    }

    private LoadedEngine ReserveRemote(RemoteEngineSource source)
    {
        var engine = _remote.Find(engine => engine.Source.Id == source.Id);
        if (engine is null)
        {
            var remote = _remoteEngines.Create(source);
            engine = new LoadedEngine(this, source, slot: null, memoryBytes: 0, KeepAlive.Forever) { Loading = Task.FromResult(remote) };
            engine.Engine.Show(remote.Card);
            _remote.Add(engine);
        }

        return engine;
    }

    // What failed to load holds nothing; the next to ask tries again.
    private void Forget((string Model, int Replica) key, LoadedEngine engine)
    {
        lock (_lock)
        {
            if (_leases.Remove(key))
            {
                engine.GiveBack(key.Model);
            }

            if (engine.HasFailed)
            {
                Unload(engine);
            }
        }
    }

    private void SignalChange()
    {
        lock (_lock)
        {
            if (!_disposed && _changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
    }

    private Admission Refuse(string model, LocalEngineSource source)
    {
        var suggested = ModelAdmission.Suggest(model, source.MemoryBytes, _cluster.Devices.Where(device => !device.Silo.Equals(_silo)));
        return new Admission(Accepted: false, Explain(model, source), suggested, Card: null);
    }

    private string Explain(string model, LocalEngineSource source)
    {
        lock (_lock)
        {
            return ModelAdmission.Explain(model, source, [.. _slots.Select(slot => new DeviceRoom(
                slot.Definition.Name,
                slot.MemoryFree + slot.Reclaimable,
                [.. slot.Engines.Where(engine => engine.IsResident && !engine.IsIdle).Select(engine => new MemoryHolder(engine.Name, engine.MemoryBytes, engine.Uses))]))]);
        }
    }

    private static LoadedEngine? Find(DeviceSlot slot, LocalEngineSource source) =>
        slot.Engines.Find(engine => engine.Source.Id == source.Id);

    private static SlotState State(DeviceSlot slot, LocalEngineSource source)
    {
        var engine = Find(slot, source);
        return new SlotState(slot.Definition.IsGpu, slot.MemoryFree, slot.Reclaimable, engine is { IsResident: true, HasFailed: false }, engine?.Leases ?? 0, slot.Leases);
    }

    private DeviceReport Report(DeviceSlot slot, DateTimeOffset now)
    {
        var load = default(EngineLoad);
        foreach (var engine in slot.Engines.Where(engine => engine.IsLoaded))
        {
            var one = engine.Loading!.Result.Load;
            load = new EngineLoad(load.Active + one.Active, load.Waiting + one.Waiting, load.KvUsed + one.KvUsed, load.KvTotal + one.KvTotal, load.TokensPerSecond + one.TokensPerSecond);
        }

        return new DeviceReport(
            _silo,
            slot.Definition.Name,
            slot.Definition.IsGpu,
            slot.MemoryFree,
            slot.MemoryTotal,
            [.. slot.Engines.Where(engine => engine.IsResident).SelectMany(engine => engine.Names).Select(name => new LoadedModel(name.Key, name.Value))],
            load,
            now);
    }
}
