using System.Runtime.ExceptionServices;

namespace ModelForge.Training;

/// <summary>Reads a stream in its order, several documents at a time.</summary>
/// <param name="stream">The documents.</param>
/// <param name="position">Where it begins.</param>
/// <param name="threads">How many generate documents.</param>
internal sealed class DocumentReader(ITrainingStream stream, long position, int threads)
{
    /// <summary>Documents that a thread generates before it waits for the others.</summary>
    private const int DocumentsAhead = 32;

    private readonly Queue<TrainingDocument> _ahead = [];
    private long _position = position;

    /// <summary>Documents until there are enough tokens; each goes to the part that has the fewest.</summary>
    public TrainingBatch Read(int parts, int tokens)
    {
        var dealt = new MicroBatch[parts];
        for (var part = 0; part < parts; part++)
            dealt[part] = new MicroBatch();
        for (var total = 0; total < tokens;)
        {
            if (_ahead.Count == 0)
                Generate();
            var document = _ahead.Dequeue();
            _position++;
            dealt.MinBy(part => part.Inputs)!.Add(document);
            total += document.Tokens.Length - 1;
        }

        return new TrainingBatch(dealt, _position);
    }

    private void Generate()
    {
        if (threads == 1)
        {
            _ahead.Enqueue(stream.At(_position));
            return;
        }

        var documents = new TrainingDocument[threads * DocumentsAhead];
        try
        {
            Parallel.For(0, documents.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => documents[i] = stream.At(_position + i));
        }
        catch (AggregateException failed)
        {
            // One is what a single thread would have met.
            ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]);
        }

        foreach (var document in documents)
            _ahead.Enqueue(document);
    }
}
