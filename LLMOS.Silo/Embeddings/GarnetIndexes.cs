using System.Globalization;
using LLMOS.Kernel.Memory.Indexing;
using StackExchange.Redis;

namespace LLMOS.Silo.Embeddings;

/// <summary>
/// Keeps the indexes of large collections in a Garnet server, as vector sets, and all others where they are kept else. How far a set has come stands beside it; it is never the only copy, so one that
/// does not fit its log is made anew.
/// </summary>
/// <param name="address">The server, HOST:PORT; what else StackExchange.Redis understands can follow after commas.</param>
/// <param name="from">Vectors of a shard from which on it is kept there.</param>
/// <param name="others">Where the others are kept.</param>
/// <param name="logger">Is told when the server does not answer.</param>
internal sealed partial class GarnetIndexes(string address, int from, IVectorIndexes others, ILogger<GarnetIndexes> logger) : IVectorIndexes, IDisposable
{
    private readonly Lazy<ConnectionMultiplexer> _server = new(() =>
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = true;
        return ConnectionMultiplexer.Connect(options);
    }, LazyThreadSafetyMode.PublicationOnly);

    /// <inheritdoc />
    public KeptIndex Open(IVectorLog log, int shard, int shards)
    {
        if (!IsLarge(log, shard, shards))
            return others.Open(log, shard, shards);
        try
        {
            var database = _server.Value.GetDatabase();
            var state = database.HashGetAll(StateOf(log, shard)).ToDictionary(entry => entry.Name.ToString(), entry => (long)entry.Value);
            return state.TryGetValue("read", out var read) && state.TryGetValue("removed", out var removed) && state.GetValueOrDefault("dimension") == log.Dimension
                ? new KeptIndex(new GarnetVectorIndex(database, KeyOf(log, shard), log), read, removed)
                : Renew(log, shard, shards);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            LogUnreachable(exception, address);
            return others.Open(log, shard, shards);
        }
    }

    /// <inheritdoc />
    public KeptIndex Renew(IVectorLog log, int shard, int shards)
    {
        if (!IsLarge(log, shard, shards))
            return others.Renew(log, shard, shards);
        try
        {
            var database = _server.Value.GetDatabase();
            database.KeyDelete([StateOf(log, shard), KeyOf(log, shard)]);
            return new KeptIndex(new GarnetVectorIndex(database, KeyOf(log, shard), log));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            LogUnreachable(exception, address);
            return others.Renew(log, shard, shards);
        }
    }

    /// <inheritdoc />
    public void Keep(IVectorLog log, int shard, int shards, KeptIndex index)
    {
        if (index.Index is not GarnetVectorIndex garnet)
        {
            others.Keep(log, shard, shards, index);
            return;
        }

        try
        {
            // What was sent is there before it is said to be.
            _ = garnet.Count;
            _server.Value.GetDatabase().HashSet(StateOf(log, shard), [new("read", index.Read), new("removed", index.Removed), new("dimension", log.Dimension)]);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or LlmosException)
        {
            LogUnreachable(exception, address);
        }
    }

    /// <inheritdoc />
    public bool Remove(string identity, int shards)
    {
        var isElsewhereGone = others.Remove(identity, shards);
        try
        {
            _server.Value.GetDatabase().KeyDelete([.. Enumerable.Range(0, shards).SelectMany(shard => (RedisKey[])[StateOf(identity, shard), KeyOf(identity, shard)])]);
            return isElsewhereGone;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            LogUnreachable(exception, address);
            return false;
        }
    }

    public void Dispose()
    {
        if (_server.IsValueCreated)
            _server.Value.Dispose();
    }

    /// <exception cref="LlmosException">The server does not answer, or answers with an error.</exception>
    internal static T Call<T>(string address, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or AggregateException { InnerException: RedisException or TimeoutException })
        {
            var reason = (exception as AggregateException)?.InnerException ?? exception;
            throw new LlmosException(
                LlmosErrorCode.Unavailable,
                $"The vector server {address.Split(',')[0]} does not do what it is asked ({reason.Message.TrimEnd('.')}): start Garnet there with --enable-vector-set-preview, or take VectorServer out of the silo's options.",
                exception);
        }
    }

    private bool IsLarge(IVectorLog log, int shard, int shards) => log is not Files.SqliteFileStore && log.Count(shard, shards) >= from;

    private static string KeyOf(IVectorLog log, int shard) => KeyOf(log.Identity, shard);

    private static string KeyOf(string identity, int shard) => string.Create(CultureInfo.InvariantCulture, $"llmos:vectors:{identity}:{shard}");

    private static string StateOf(IVectorLog log, int shard) => StateOf(log.Identity, shard);

    private static string StateOf(string identity, int shard) => KeyOf(identity, shard) + ":state";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vector server {Address} does not answer: what would lie there is scanned here until the next start.")]
    private partial void LogUnreachable(Exception exception, string address);
}
