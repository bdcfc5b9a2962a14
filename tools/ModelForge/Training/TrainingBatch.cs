namespace ModelForge.Training;

/// <summary>The documents of a step, dealt to the threads.</summary>
internal sealed class TrainingBatch
{
    private TrainingBatch(MicroBatch[] parts, long position)
    {
        Parts = parts;
        Position = position;
        Inputs = parts.Sum(part => part.Inputs);
        Targets = parts.Sum(part => part.Targets);
    }

    public IReadOnlyList<MicroBatch> Parts { get; }

    /// <summary>Where the stream goes on behind this batch.</summary>
    public long Position { get; }

    public int Inputs { get; }

    public int Targets { get; }

    /// <summary>Reads documents until there are enough tokens; each goes to the part that has the fewest.</summary>
    public static TrainingBatch Read(ITrainingStream stream, int parts, int tokens)
    {
        var dealt = new MicroBatch[parts];
        for (var part = 0; part < parts; part++)
            dealt[part] = new MicroBatch();
        for (var total = 0; total < tokens;)
        {
            var document = stream.Next();
            dealt.MinBy(part => part.Inputs)!.Add(document);
            total += document.Tokens.Length - 1;
        }

        return new TrainingBatch(dealt, stream.Position);
    }
}
