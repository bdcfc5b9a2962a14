using System.Text;
using LLMOS.Inference;
using ModelForge.Corpus;

namespace ModelForge.Evaluation;

/// <summary>A GGUF model in llama.cpp, on one thread: what it says is the likeliest at every token unless a temperature is given.</summary>
public sealed class EngineTextModel : ITextModel, IAsyncDisposable
{
    private const int ContextTokens = 4096;

    /// <summary>Where the calls that are tried share what is computed of their prompt.</summary>
    private const string CallDomain = "calls";

    private readonly LlamaModel _model;
    private readonly LlamaCppEngine _engine;

    private EngineTextModel(LlamaModel model, LlamaCppEngine engine)
    {
        _model = model;
        _engine = engine;
    }

    /// <summary>Loads a model.</summary>
    /// <exception cref="BadInputException">The file is missing, damaged or no model; the message is one sentence.</exception>
    public static EngineTextModel Open(string path)
    {
        LlamaModel? model = null;
        try
        {
            model = LlamaModel.Load(path, new ModelOptions { GpuLayers = 0 });
            return new EngineTextModel(model, new LlamaCppEngine(model, new EngineOptions { Threads = 1, ContextCells = ContextTokens }));
        }
        catch (LlamaException refused)
        {
            model?.Dispose();
            throw new BadInputException(refused.Message, refused);
        }
    }

    /// <inheritdoc />
    /// <exception cref="LlamaException">The grammar is wrong; the message is one sentence.</exception>
    public Task<string> CompleteAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, string? grammar, CancellationToken cancellationToken) =>
        CompleteAsync(messages, maxTokens, SamplingParameters.Greedy, grammar, cancellationToken);

    /// <inheritdoc />
    public Task<string> SayAsync(IReadOnlyList<DocumentMessage> messages, int maxTokens, float temperature, ulong seed, CancellationToken cancellationToken) =>
        CompleteAsync(messages, maxTokens, new SamplingParameters { Temperature = temperature, Seed = seed }, grammar: null, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="LlamaException">A function is refused; the message is one sentence.</exception>
    public async Task<string> CallAsync(IReadOnlyList<DocumentMessage> messages, IReadOnlyList<ChatTool> tools, string request, CancellationToken cancellationToken)
    {
        // As a silo does it.
        ArgumentNullException.ThrowIfNull(messages);
        var asked = new GenerationRequest { PromptTokens = Prompt(messages), Domain = CallDomain, MaxTokens = ITextModel.MostCallTokens };
        var chosen = await LikeliestCall.AmongAsync(_engine, asked, tools, request, cancellationToken);
        return await CompleteAsync(messages, ITextModel.MostCallTokens, SpanCallGrammar.For(chosen, request), cancellationToken);
    }

    /// <summary>Generates exactly so many tokens and says how long those behind the first one took.</summary>
    internal async Task<TimeSpan> MeasureAsync(IReadOnlyList<DocumentMessage> messages, int tokens, CancellationToken cancellationToken)
    {
        var generation = Generate(Prompt(messages), tokens, SamplingParameters.Greedy with { IgnoreEnd = true }, grammar: null);
        await foreach (var _ in generation.ReadAllAsync(cancellationToken))
        {
            // Only the time counts.
        }

        var result = await generation.Completion;
        return result.QueueTime + result.EngineTime - result.TimeToFirstToken;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _model.Dispose();
    }

    private async Task<string> CompleteAsync(
        IReadOnlyList<DocumentMessage> messages, int maxTokens, SamplingParameters sampling, string? grammar, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var text = new StringBuilder();
        var prompt = Prompt(messages);

        // A conversation that has outgrown the model leaves it less to say, or nothing, which counts against it.
        var room = Math.Min(maxTokens, Math.Min(_model.ContextLength, ContextTokens) - prompt.Length);
        if (room < 1)
            return "";
        var generation = Generate(prompt, room, sampling, grammar);
        await foreach (var token in generation.ReadAllAsync(cancellationToken))
            text.Append(token.Text);
        await generation.Completion;
        return text.ToString();
    }

    private int[] Prompt(IReadOnlyList<DocumentMessage> messages) =>
        _model.Tokenize(_model.ApplyChatTemplate([.. messages.Select(message => new ChatTurn(message.Role, message.Text))]));

    private GenerationHandle Generate(int[] prompt, int maxTokens, SamplingParameters sampling, string? grammar) => _engine.Submit(new GenerationRequest
    {
        PromptTokens = prompt,
        MaxTokens = maxTokens,
        Sampling = sampling,
        Grammar = grammar,
    });
}
