using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>What every subject generates: so many sequences at once, each from its own prompt, each so many tokens.</summary>
internal sealed class GenerationWorkload
{
    private readonly List<int[]> _prompts;

    public GenerationWorkload(LlamaModel model, int batch, int completionTokens)
    {
        CompletionTokens = completionTokens;
        _prompts = [.. Enumerable.Range(0, batch).Select(sequence => Tokenize(model, sequence))];
    }

    /// <summary>Sequences at once.</summary>
    public int Batch => _prompts.Count;

    /// <summary>Tokens that each generates.</summary>
    public int CompletionTokens { get; }

    public IReadOnlyList<int[]> Prompts => _prompts;

    /// <summary>Most KV cells that all of it takes.</summary>
    public int Cells => _prompts.Sum(prompt => prompt.Length + CompletionTokens);

    /// <summary>How tokens are chosen; what an agent's turn asks for, too.</summary>
    public static SamplingParameters Sampling(int sequence) => new() { Temperature = 0.7f, TopK = 40, TopP = 0.95f, Seed = (ulong)sequence + 1 };

    /// <summary>The system prompt of a sequence. Each begins differently, so that none could use another's KV.</summary>
    public static string Role(int sequence) => $"{sequence:000} is your number; you work on the machine and say what you see.";

    /// <summary>What each is asked.</summary>
    public static string Question(int sequence) => $"Number {sequence:000}, describe the state of the system.";

    /// <summary>Makes a sample of a run, if the run did the work.</summary>
    /// <exception cref="BenchmarkException">It did not.</exception>
    public GenerationSample Sample(string subject, (TimeSpan Wall, TimeSpan Processor) took, long steps, long prefilled, long generated)
    {
        var (wantedPrompt, wantedAnswer) = ((long)_prompts.Sum(prompt => prompt.Length), (long)Batch * CompletionTokens);
        return prefilled == wantedPrompt && generated == wantedAnswer
            ? new GenerationSample(generated / took.Wall.TotalSeconds, took.Processor.TotalMilliseconds / generated, steps)
            : throw new BenchmarkException(
                $"The {subject} computed {prefilled} prompt tokens and generated {generated}, where {wantedPrompt} and {wantedAnswer} were due at batch {Batch}: its rate says nothing.");
    }

    private static int[] Tokenize(LlamaModel model, int sequence) =>
        model.Tokenize(model.ApplyChatTemplate([new ChatTurn("system", Role(sequence)), new ChatTurn("user", Question(sequence))]));
}
