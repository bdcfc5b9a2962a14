using System.Globalization;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace LLMOS.Silo.Storage;

/// <summary>
/// Grain state in the node's database, in Orleans' own binary format. A write whose ETag is not the stored one is refused
/// with <see cref="InconsistentStateException"/>.
/// </summary>
public sealed class SqliteGrainStorage(SqliteStore store, Serializer serializer, IActivatorProvider activators) : IGrainStorage
{
    private const string Select = "SELECT etag, data FROM grain_state WHERE grain_id = ? AND state_name = ?";
    private const string SelectEtag = "SELECT etag FROM grain_state WHERE grain_id = ? AND state_name = ?";
    private const string Insert = "INSERT INTO grain_state (grain_id, state_name, etag, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    private const string Update = "UPDATE grain_state SET etag = ?, data = ? WHERE grain_id = ? AND state_name = ? AND etag = ?";
    private const string Delete = "DELETE FROM grain_state WHERE grain_id = ? AND state_name = ? AND etag = ?";

    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var (etag, state) = store.Read((Storage: this, StateName: stateName, GrainId: grainId), static (session, key) =>
        {
            using var row = session.Statement(Select).Bind(key.GrainId.ToString()).Bind(key.StateName);
            return row.Step()
                ? (Format(row.Number(0)), key.Storage.Deserialize<T>(row.Blob(1), key.StateName, key.GrainId))
                : ((string?)null, key.Storage.New<T>());
        });
        grainState.ETag = etag;
        grainState.RecordExists = etag is not null;
        grainState.State = state;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var id = grainId.ToString();
        var data = serializer.SerializeToArray(grainState.State);
        var expected = grainState.ETag;
        // Random, so that a writer from before a clear cannot match what was written after it.
        var next = Random.Shared.NextInt64(1, long.MaxValue);

        await store.WriteAsync(session =>
        {
            var written = expected is null
                ? session.Statement(Insert).Bind(id).Bind(stateName).Bind(next).Bind(data).Run()
                : session.Statement(Update).Bind(next).Bind(data).Bind(id).Bind(stateName).Bind(Parse(expected)).Run();
            if (written == 0)
                throw Conflict(session, "written", stateName, id, expected);
            return written;
        });
        grainState.ETag = Format(next);
        grainState.RecordExists = true;
    }

    /// <inheritdoc />
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var id = grainId.ToString();
        var expected = grainState.ETag;
        await store.WriteAsync(session =>
        {
            var deleted = expected is null
                ? 0
                : session.Statement(Delete).Bind(id).Bind(stateName).Bind(Parse(expected)).Run();
            if (deleted == 0 && StoredEtag(session, stateName, id) != expected)
                throw Conflict(session, "cleared", stateName, id, expected);
            return deleted;
        });
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = New<T>();
    }

    private static InconsistentStateException Conflict(SqliteSession session, string action, string stateName, string id, string? expected)
    {
        var stored = StoredEtag(session, stateName, id);
        return new InconsistentStateException(
            $"The state '{stateName}' of grain '{id}' was not {action}: it has version {stored ?? "none"}, the caller knows {expected ?? "none"}. Read it again first.",
            stored,
            expected);
    }

    private static string? StoredEtag(SqliteSession session, string stateName, string id)
    {
        using var row = session.Statement(SelectEtag).Bind(id).Bind(stateName);
        return row.Step() ? Format(row.Number(0)) : null;
    }

    private static string Format(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    private static long Parse(string etag) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private T Deserialize<T>(ReadOnlySpan<byte> data, string stateName, GrainId grainId)
    {
        try
        {
            return serializer.Deserialize<T>(data)!;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new LlmosException(
                LlmosErrorCode.FailedPrecondition,
                $"The stored state '{stateName}' of grain '{grainId}' cannot be read as {typeof(T).Name}: it was written by another version of LLMOS or is damaged. Start that version, or put a backup in place.",
                exception);
        }
    }

    private T New<T>() => activators.GetActivator<T>().Create();
}
