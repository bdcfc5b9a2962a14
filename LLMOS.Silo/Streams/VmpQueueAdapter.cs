using LLMOS.Kernel.Messaging;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>Writes what is published to the log and makes the receivers that read it.</summary>
internal sealed class VmpQueueAdapter(string name, VmpLog log, Func<QueueId, IQueueAdapterReceiver> createReceiver) : IQueueAdapter
{
    public string Name => name;

    /// <summary>False: a mailbox is read from the log, and a topic from now on.</summary>
    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => createReceiver(queueId);

    /// <summary>Completes when the messages are durable.</summary>
    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext)
    {
        if (token is not null)
            throw LlmosException.InvalidArgument($"A message to '{streamId}' cannot bring its own sequence token: the log numbers the messages. Publish it without one.");
        var messages = new List<VmpMessage>();
        foreach (var item in events)
        {
            messages.Add(item as VmpMessage ?? throw LlmosException.InvalidArgument(
                $"The stream '{streamId}' carries VMP messages; a {item?.GetType().Name ?? "null"} was published. Put it into the payload of a VmpMessage."));
        }
        return log.AppendAsync(streamId, messages);
    }
}
