using Microsoft.Extensions.VectorData;

namespace LLMOS.Client.VectorData;

/// <summary>Calls of the store, whose errors are those that users of vector stores look for; the sentence is the system's own.</summary>
internal static class StoreCall
{
    public static async Task<T> RunAsync<T>(string operation, string? collection, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call().WaitAsync(cancellationToken);
        }
        catch (LlmosException error)
        {
            throw new VectorStoreException(error.Message, error)
            {
                VectorStoreSystemName = LlmosVectorStore.SystemName,
                CollectionName = collection,
                OperationName = operation,
            };
        }
    }
}
