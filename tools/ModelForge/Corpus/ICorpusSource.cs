namespace ModelForge.Corpus;

/// <summary>Generates documents of one task. The same random numbers give the same documents.</summary>
public interface ICorpusSource
{
    /// <summary>The task, as in <see cref="Document.Task"/>.</summary>
    string Task { get; }

    /// <summary>The part of the trained tokens that should be this task's, relative to the other sources'.</summary>
    double Weight { get; }

    /// <summary>Strings that are always one token, wherever they stand: fixed syntax of the outputs, such as <c>{"syscall":"kill","args":{</c>.</summary>
    IReadOnlyList<string> FixedPieces { get; }

    /// <summary>The next document.</summary>
    Document Next(CorpusRandom random, CorpusSplit split);
}
