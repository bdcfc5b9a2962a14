using System.Collections.Concurrent;
using LLMOS.Silo.Storage;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>The VMP streams of one silo, over the log of its store.</summary>
internal sealed class VmpQueueAdapterFactory : IQueueAdapterFactory, IQueueAdapterCache, ISiloStatusListener
{
    private readonly string _name;
    private readonly VmpLog _log;
    private readonly VmpStreamOptions _options;
    private readonly ILocalSiloDetails _silo;
    private readonly ILogger<VmpQueueReceiver> _logger;
    private readonly ConcurrentDictionary<QueueId, VmpQueueFlow> _flows = new();
    private readonly ConcurrentDictionary<VmpQueueReceiver, QueueId> _receivers = new();

    public VmpQueueAdapterFactory(
        string name,
        SqliteStore store,
        IOptions<VmpStreamOptions> options,
        ILocalSiloDetails silo,
        ISiloStatusOracle silos,
        ILogger<VmpQueueReceiver> logger)
    {
        _name = name;
        _options = options.Value;
        _log = VmpLog.In(store, _options);
        _silo = silo;
        _logger = logger;
        silos.SubscribeToSiloStatusEvents(this);
    }

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(new VmpQueueAdapter(_name, _log, CreateReceiver));

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => _log.Mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    /// <summary>A pulling agent makes its queue's cache and then its receiver; both share the count of what waits.</summary>
    public IQueueCache CreateQueueCache(QueueId queueId) =>
        new VmpQueueCache(_log, _flows[queueId] = new VmpQueueFlow(_options.CacheCapacity));

    /// <summary>
    /// The mailboxes of a silo that died held messages in memory; delivering again what is not consumed wakes their
    /// processes elsewhere.
    /// </summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead || updatedSilo.Equals(_silo.SiloAddress))
            return;
        foreach (var receiver in _receivers.Keys)
            receiver.Rewind();
    }

    private VmpQueueReceiver CreateReceiver(QueueId queueId)
    {
        var flow = _flows.GetOrAdd(queueId, _ => new VmpQueueFlow(_options.CacheCapacity));
        var receiver = new VmpQueueReceiver(_log, queueId, flow, closed => _receivers.TryRemove(closed, out _), _logger);
        _receivers[receiver] = queueId;
        return receiver;
    }
}
