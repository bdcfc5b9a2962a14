using LLMOS.Kernel.Messaging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>Consecutive messages of one stream, delivered together.</summary>
[GenerateSerializer, Immutable, Alias("llmos.vmp-batch")]
internal sealed class VmpBatchContainer(StreamId streamId, long[] sequences, VmpMessage[] messages) : IBatchContainer
{
    [Id(0)] private readonly StreamId _streamId = streamId;
    [Id(1)] private readonly long[] _sequences = sequences;
    [Id(2)] private readonly VmpMessage[] _messages = messages;

    public StreamId StreamId => _streamId;

    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(_sequences[0]);

    public int Count => _messages.Length;

    public long LastSequence => _sequences[^1];

    public IEnumerable<VmpLogEntry> Entries => _sequences.Select((sequence, i) => new VmpLogEntry(sequence, _streamId, _messages[i]));

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        for (var i = 0; i < _messages.Length; i++)
        {
            if (_messages[i] is T message)
                yield return Tuple.Create<T, StreamSequenceToken>(message, new EventSequenceTokenV2(_sequences[i]));
        }
    }

    public bool ImportRequestContext() => false;
}
