using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Background processes that always want more than the device has places for, and single requests that come in between.</summary>
/// <param name="model">Whose vocabulary the prompts are of.</param>
/// <param name="quick">Whether few arrivals are wanted.</param>
/// <param name="cost">How long the engine takes for one arrival alone; zero when that is not known yet.</param>
internal sealed class ArrivalLoad(LlamaModel model, bool quick, TimeSpan cost)
{
    /// <summary>Arrivals take a twentieth of the device: more, and what they cost the background would be their own work.</summary>
    private const int TimesOfCost = 20;

    /// <summary>Sequences in the context at once, or slots.</summary>
    public const int Places = 16;

    /// <summary>Background processes: twice as many as there are places.</summary>
    public const int Background = 2 * Places;

    /// <summary>Tokens of a background answer.</summary>
    public const int BackgroundAnswer = 128;

    /// <summary>Tokens of an arrival's answer.</summary>
    public const int ArrivalAnswer = 8;

    /// <summary>KV cells that a request takes at most, in llama.cpp's granularity.</summary>
    public const int Cells = 256;

    private const int Prompt = 64;

    private int _number;

    /// <summary>Arrivals of a run.</summary>
    public int Arrivals => quick ? 4 : 10;

    /// <summary>From one arrival to the next.</summary>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(Math.Max(quick ? 0.5 : 1, TimesOfCost * cost.TotalSeconds));

    /// <summary>A prompt that nobody had before.</summary>
    public int[] NextPrompt() => SharedPrefixBenchmark.Tokens(model, Interlocked.Increment(ref _number), Prompt);
}
