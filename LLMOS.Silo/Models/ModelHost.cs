using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Resources;
using LLMOS.Silo.Placement;

namespace LLMOS.Silo.Models;

/// <summary>
/// The engines of this silo. Each model is loaded once for each device; the replicas placed there share its engine.
/// A model that no replica uses stays until the room is wanted or <see cref="SiloModelOptions.KeepIdle"/> has passed.
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
    private readonly TimeSpan _keepIdle;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelHost> _logger;
    private readonly ITimer _sweep;
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
        _keepIdle = options.KeepIdle;
        _time = time;
        _logger = logger;
        var period = TimeSpan.FromTicks(Math.Max(_keepIdle.Ticks / 4, TimeSpan.TicksPerSecond));
        _sweep = time.CreateTimer(_ => UnloadIdle(), null, period, period);
    }

    public async Task<Admission> AdmitAsync(string model, int replica, CancellationToken cancellationToken)
    {
        // Finding a model reads the head of its file, which is no work for a grain's turn.
        var source = await Task.Run(() => _models.Find(model), cancellationToken);
        LoadedEngine? engine;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_leases.TryGetValue((model, replica), out engine))
            {
                engine = source is LocalEngineSource local ? Reserve(local) : ReserveRemote((RemoteEngineSource)source);
                if (engine is null)
                {
                    return Refuse(model, (LocalEngineSource)source);
                }

                engine.Take(model);
                _leases.Add((model, replica), engine);
            }
        }

        try
        {
            var loaded = await engine.Loading.WaitAsync(cancellationToken);
            return new Admission(Accepted: true, Reason: "", Suggested: null, loaded.Card);
        }
        catch
        {
            Forget((model, replica), engine);
            throw;
        }
        finally
        {
            SignalChange();
        }
    }

    public IModelEngine GetEngine(string model, int replica)
    {
        lock (_lock)
        {
            return _leases.TryGetValue((model, replica), out var engine) && engine.IsLoaded
                ? engine.Loading.Result
                : throw LlmosException.Refused($"The replica {InferenceKeys.Create(model, replica)} was not admitted on this silo: call Admit first.");
        }
    }

    public Task EvictAsync(string model, int replica)
    {
        lock (_lock)
        {
            if (_leases.Remove((model, replica), out var engine))
            {
                engine.GiveBack(model, _time.GetTimestamp());
                if (engine.Leases == 0 && engine.HasFailed)
                {
                    Unload(engine);
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
            unloading = [.. _unloading];
        }

        await Task.WhenAll(unloading);
        _changed.Dispose();
    }

    private LoadedEngine? Reserve(LocalEngineSource source)
    {
        var states = _slots.ConvertAll(slot => State(slot, source));
        var chosen = AdmissionPolicy.Choose(states, source.MemoryBytes);
        if (chosen < 0)
        {
            return null;
        }

        var slot = _slots[chosen];
        if (Find(slot, source) is { } shared)
        {
            return shared;
        }

        var displaced = MakeRoom(slot, source.MemoryBytes);
        var loaded = new LoadedEngine(source, slot, source.MemoryBytes)
        {
            Loading = LoadAsync(source, slot.Definition, displaced),
        };
        slot.Engines.Add(loaded);
        return loaded;
    }

    private LoadedEngine ReserveRemote(RemoteEngineSource source)
    {
        var engine = _remote.Find(engine => engine.Source.Id == source.Id);
        if (engine is null)
        {
            engine = new LoadedEngine(source, slot: null, memoryBytes: 0)
            {
                Loading = Task.FromResult<IModelEngine>(_remoteEngines.Create(source)),
            };
            _remote.Add(engine);
        }

        return engine;
    }

    private async Task<IModelEngine> LoadAsync(LocalEngineSource source, DeviceDefinition device, Task displaced)
    {
        await displaced;
        var started = _time.GetTimestamp();
        var engine = await Task.Run(() => _backend.LoadAsync(source, device, CancellationToken.None));
        var elapsed = _time.GetElapsedTime(started);
        LogLoaded(_logger, source.Name, source.Path, device.Name, elapsed);
        return engine;
    }

    private Task MakeRoom(DeviceSlot slot, long need)
    {
        var displaced = new List<Task>();
        foreach (var idle in slot.Engines.Where(engine => engine is { Leases: 0, IsLoaded: true }).OrderBy(engine => engine.IdleSince).ToArray())
        {
            if (slot.MemoryFree >= need)
            {
                break;
            }

            displaced.Add(Unload(idle));
        }

        return Task.WhenAll(displaced);
    }

    private Task Unload(LoadedEngine engine)
    {
        (engine.Slot?.Engines ?? _remote).Remove(engine);
        var unloading = UnloadAsync(engine);
        if (!unloading.IsCompleted)
        {
            _unloading.Add(unloading);
            unloading.ContinueWith(
                done =>
                {
                    lock (_lock)
                    {
                        _unloading.Remove(done);
                    }
                },
                TaskScheduler.Default);
        }

        return unloading;
    }

    private static async Task UnloadAsync(LoadedEngine engine)
    {
        await Task.Yield();
        try
        {
            await (await engine.Loading).DisposeAsync();
        }
        catch (LlmosException)
        {
            // It never loaded; who asked for it was told.
        }
    }

    // What failed to load holds nothing; the next to ask tries again.
    private void Forget((string Model, int Replica) key, LoadedEngine engine)
    {
        lock (_lock)
        {
            if (_leases.Remove(key))
            {
                engine.GiveBack(key.Model, _time.GetTimestamp());
            }

            if (engine.Loading.IsCompleted && !engine.IsLoaded)
            {
                engine.Slot?.Engines.Remove(engine);
            }
        }
    }

    private void UnloadIdle()
    {
        lock (_lock)
        {
            foreach (var engine in _slots.SelectMany(slot => slot.Engines).ToArray())
            {
                if (engine is { Leases: 0, IsLoaded: true } && _time.GetElapsedTime(engine.IdleSince) >= _keepIdle)
                {
                    Unload(engine);
                    LogUnloaded(_logger, engine.Source.Id, engine.Slot!.Definition.Name);
                }
            }
        }

        SignalChange();
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
        var reason = ModelAdmission.Explain(model, source, [.. _slots.Select(slot => (slot.Definition.Name, slot.MemoryFree + slot.Reclaimable))]);
        return new Admission(Accepted: false, reason, suggested, Card: null);
    }

    private static LoadedEngine? Find(DeviceSlot slot, LocalEngineSource source) =>
        slot.Engines.Find(engine => engine.Source.Id == source.Id && !engine.HasFailed);

    private static SlotState State(DeviceSlot slot, LocalEngineSource source)
    {
        var engine = Find(slot, source);
        return new SlotState(slot.Definition.IsGpu, slot.MemoryFree, slot.Reclaimable, engine is not null, engine?.Leases ?? 0, slot.Leases);
    }

    private DeviceReport Report(DeviceSlot slot, DateTimeOffset now)
    {
        var load = default(EngineLoad);
        foreach (var engine in slot.Engines.Where(engine => engine.IsLoaded))
        {
            var one = engine.Loading.Result.Load;
            load = new EngineLoad(load.Active + one.Active, load.Waiting + one.Waiting, load.KvUsed + one.KvUsed, load.KvTotal + one.KvTotal, load.TokensPerSecond + one.TokensPerSecond);
        }

        return new DeviceReport(
            _silo,
            slot.Definition.Name,
            slot.Definition.IsGpu,
            slot.MemoryFree,
            slot.MemoryTotal,
            [.. slot.Engines.SelectMany(engine => engine.Names).Select(name => new LoadedModel(name.Key, name.Value))],
            load,
            now);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded the model {Model} from {Path} onto {Device} in {Elapsed}")]
    private static partial void LogLoaded(ILogger logger, string model, string path, string device, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unloaded {Model} from {Device}: nobody used it")]
    private static partial void LogUnloaded(ILogger logger, string model, string device);
}
