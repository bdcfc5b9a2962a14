using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;

namespace LLMOS.Client.VectorData;

/// <summary>The embedding store of a system as a <see cref="VectorStore"/>, as .NET applications use any.</summary>
public sealed class LlmosVectorStore : VectorStore
{
    /// <summary>What stores of this kind are called.</summary>
    public const string SystemName = "llmos";

    private readonly LlmosClient _client;
    private readonly LlmosVectorStoreOptions _options;

    /// <param name="client">The system.</param>
    /// <param name="options">How collections are made; null for the defaults.</param>
    public LlmosVectorStore(LlmosClient client, LlmosVectorStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new LlmosVectorStoreOptions();
    }

    /// <inheritdoc />
    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(string name, VectorStoreCollectionDefinition? definition = null) =>
        typeof(TRecord) == typeof(Dictionary<string, object?>)
            ? throw new ArgumentException("Records of no type of their own have a definition: use GetDynamicCollection.", nameof(name))
            : new LlmosVectorStoreCollection<TKey, TRecord>(_client, name, definition, _options);

    /// <inheritdoc />
    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(string name, VectorStoreCollectionDefinition definition) =>
        new LlmosVectorStoreCollection<object, Dictionary<string, object?>>(_client, name, definition, _options);

    /// <inheritdoc />
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var collection in await StoreCall.RunAsync("list", null, () => _client.Embeddings.ListAsync(), cancellationToken))
        {
            yield return collection.Name;
        }
    }

    /// <inheritdoc />
    public override async Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default) =>
        await StoreCall.RunAsync("find", name, () => _client.Embeddings.FindAsync(name), cancellationToken) is not null;

    /// <inheritdoc />
    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default) =>
        StoreCall.RunAsync("delete", name, () => _client.Embeddings.DeleteAsync(name), cancellationToken);

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreMetadata) ? new VectorStoreMetadata { VectorStoreSystemName = SystemName }
            : serviceType.IsInstanceOfType(_client) ? _client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }
}
