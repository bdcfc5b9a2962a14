using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Models;

// What is in memory: loading, use, and who goes when another wants the room.
internal sealed partial class ModelHost
{
    /// <summary>The engine if it is in memory.</summary>
    public IModelEngine? Peek(LoadedEngine engine)
    {
        lock (_lock)
        {
            return engine.IsLoaded ? engine.Loading!.Result : null;
        }
    }

    /// <summary>Keeps an engine in memory for a request; one that had to leave is loaded again as soon as there is room.</summary>
    /// <exception cref="LlmosException">There was no room for so long, or it does not load.</exception>
    public async Task<EngineUse> UseAsync(LoadedEngine engine, CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        while (true)
        {
            Task<IModelEngine>? loading = null;
            Task room;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                room = _roomMade.Task;
                if (engine.HasFailed)
                {
                    Unload(engine);
                }

                if (engine.IsResident || TryLoad(engine))
                {
                    engine.BeginUse(_time.GetTimestamp());
                    loading = engine.Loading!;
                }
            }

            if (loading is not null)
            {
                try
                {
                    return new EngineUse(this, engine, await loading.WaitAsync(cancellationToken));
                }
                catch
                {
                    EndUse(engine, wasRequest: false);
                    throw;
                }
            }

            var left = _options.WaitForRoom - _time.GetElapsedTime(asked);
            try
            {
                await room.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw new LlmosException(LlmosErrorCode.ResourceExhausted, Explain(engine.Name, (LocalEngineSource)engine.Source));
            }
        }
    }

    /// <summary>A request says what it is.</summary>
    public void Note(LoadedEngine engine, ProcessPriority priority, TimeSpan? keepAlive)
    {
        lock (_lock)
        {
            engine.Note(priority, keepAlive);
        }
    }

    /// <summary>A request, or a question about a prompt, is done.</summary>
    public void EndUse(LoadedEngine engine, bool wasRequest)
    {
        lock (_lock)
        {
            engine.EndUse(_time.GetTimestamp());
            if (wasRequest && !_disposed && engine is { IsIdle: true, Slot: not null } && KeepAlive.IsOver(engine.KeepAlive, TimeSpan.Zero))
            {
                UnloadUnused(engine);
            }

            AnnounceRoom();
        }
    }

    /// <summary>Loads a model that is not in memory, if there is room or idle ones can make it.</summary>
    private bool TryLoad(LoadedEngine engine)
    {
        var slot = engine.Slot!;
        if (slot.MemoryFree + slot.Reclaimable < engine.MemoryBytes)
        {
            return false;
        }

        Load(engine);
        return true;
    }

    private void Load(LoadedEngine engine)
    {
        var slot = engine.Slot!;
        engine.Loading = LoadAsync(engine, (LocalEngineSource)engine.Source, slot.Definition, MakeRoom(slot, engine.MemoryBytes));
        if (!slot.Engines.Contains(engine))
        {
            slot.Engines.Add(engine);
        }
    }

    private async Task<IModelEngine> LoadAsync(LoadedEngine loaded, LocalEngineSource source, DeviceDefinition device, Task displaced)
    {
        await displaced;
        var started = _time.GetTimestamp();
        var engine = await Task.Run(() => _backend.LoadAsync(source, device, CancellationToken.None));
        loaded.Engine.Show(engine.Card);
        var elapsed = _time.GetElapsedTime(started);
        LogLoaded(_logger, source.Name, source.Path, device.Name, elapsed);
        return engine;
    }

    private Task MakeRoom(DeviceSlot slot, long need)
    {
        var displaced = new List<Task>();
        foreach (var idle in slot.Engines.Where(engine => engine.IsIdle).Order(UnloadOrder.Instance).ToArray())
        {
            if (slot.MemoryFree >= need)
            {
                break;
            }

            LogDisplaced(_logger, idle.Name, slot.Definition.Name);
            displaced.Add(Unload(idle));
        }

        return Task.WhenAll(displaced);
    }

    /// <summary>Takes a model out of memory; what no replica has is forgotten, unless it is kept to be loaded again.</summary>
    private Task Unload(LoadedEngine engine, bool isKept = false)
    {
        var loading = engine.Loading;
        engine.Loading = null;
        if (engine.Leases == 0 && !isKept)
        {
            (engine.Slot?.Engines ?? _remote).Remove(engine);
        }

        if (loading is null)
        {
            return Task.CompletedTask;
        }

        var unloading = UnloadAsync(loading);
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

    private static async Task UnloadAsync(Task<IModelEngine> loading)
    {
        await Task.Yield();
        try
        {
            await (await loading).DisposeAsync();
        }
        catch (LlmosException)
        {
            // It never loaded; who asked for it was told.
        }
    }

    private void UnloadIdle()
    {
        lock (_lock)
        {
            foreach (var engine in _slots.SelectMany(slot => slot.Engines).ToArray())
            {
                if (engine.IsIdle && KeepAlive.IsOver(engine.KeepAlive, _time.GetElapsedTime(engine.LastUse)))
                {
                    UnloadUnused(engine);
                }
            }

            AnnounceRoom();
        }

        SignalChange();
    }

    private void UnloadUnused(LoadedEngine engine)
    {
        LogUnloaded(_logger, engine.Source.Id, engine.Slot!.Definition.Name);
        _ = Unload(engine);
    }

    // Whoever waits for room looks again.
    private void AnnounceRoom()
    {
        var made = _roomMade;
        _roomMade = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        made.SetResult();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded the model {Model} from {Path} onto {Device} in {Elapsed}")]
    private static partial void LogLoaded(ILogger logger, string model, string path, string device, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unloaded the model {Model} from {Device}: another wants its room")]
    private static partial void LogDisplaced(ILogger logger, string model, string device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unloaded {Model} from {Device}: nobody used it")]
    private static partial void LogUnloaded(ILogger logger, string model, string device);
}
