using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Models;

/// <summary>An engine of llama.cpp in this process: prompts become tokens by the model's chat template, tokens come back in batches of what is ready.</summary>
internal sealed class LlamaModelEngine : IModelEngine
{
    // Past this many characters tokenizing takes milliseconds, which a grain's turn should not.
    private const int LongPrompt = 16_384;

    private readonly LlamaModel _model;
    private readonly LlamaCppEngine _engine;
    private readonly EngineAdapters _adapters;
    private readonly TimeProvider _time;

    private LlamaModelEngine(LlamaModel model, LlamaCppEngine engine, EngineAdapters adapters, ModelCard card, TimeProvider time)
    {
        _model = model;
        _engine = engine;
        _adapters = adapters;
        _time = time;
        Card = card;
    }

    public ModelCard Card { get; }

    public EngineLoad Load
    {
        get
        {
            var statistics = _engine.Statistics;
            return new EngineLoad(statistics.Active, statistics.Waiting, statistics.CellsUsed, statistics.CellsTotal, statistics.TokensPerSecond);
        }
    }

    public string? Failure => _engine.Statistics.Failure;

    /// <exception cref="LlmosException">llama.cpp refuses the file, or it does not fit.</exception>
    public static LlamaModelEngine Open(LocalEngineSource source, DeviceDefinition device, SiloModelOptions options, TimeProvider time)
    {
        LlamaModel? model = null;
        try
        {
            model = LlamaModel.Load(source.Path, new ModelOptions { Device = device.Backend, Name = source.Name });
            var engine = new LlamaCppEngine(model, new EngineOptions
            {
                ContextCells = source.ContextCells,
                HostCells = source.ContextCells,
                Threads = options.Threads,
                Policy = options.Policy,
            });
            var card = new ModelCard(source.Name, model.Architecture, model.ParameterCount, model.SizeBytes, engine.MaxSequenceTokens, device.Name);
            return new LlamaModelEngine(model, engine, new EngineAdapters(model, options), card, time);
        }
        catch (LlamaException exception)
        {
            model?.Dispose();
            throw LlamaErrors.Translate(exception);
        }
    }

    public async IAsyncEnumerable<InferenceChunk> GenerateAsync(
        InferenceRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var started = _time.GetTimestamp();
        var prompt = await TokenizeAsync(request.Messages, cancellationToken);
        var adapters = await _adapters.UseAsync(request);
        var generation = Submit(request, prompt, adapters);

        // Not by way of the reader below: that one may be waiting for its grain's turn.
        using var cancelling = cancellationToken.UnsafeRegister(static handle => ((GenerationHandle)handle!).Cancel(), generation);
        var untold = 0;
        var firstToken = TimeSpan.Zero;
        try
        {
            while (await WaitAsync(generation.Tokens, cancellationToken))
            {
                if (firstToken == TimeSpan.Zero)
                {
                    firstToken = _time.GetElapsedTime(started);
                }

                var (text, tokens) = Drain(generation.Tokens);
                untold += tokens;
                if (text.Length > 0)
                {
                    yield return new InferenceChunk(text, untold, Usage: null);
                    untold = 0;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            var result = await generation.Completion;
            yield return new InferenceChunk("", untold, new InferenceUsage(
                Finish(result.StopReason),
                result.PromptTokens,
                result.CachedTokens,
                result.CompletionTokens,
                result.EngineTime,
                firstToken));
        }
        finally
        {
            generation.Cancel();
            Measure(generation);
        }
    }

    public async Task<PromptEstimate> EstimateAsync(long pid, IReadOnlyList<PromptMessage> messages, CancellationToken cancellationToken)
    {
        var prompt = await TokenizeAsync(messages, cancellationToken);
        try
        {
            return new PromptEstimate(prompt.Length, await _engine.CountCachedAsync(Key(pid), prompt, adapters: _adapters.LastOf(pid)));
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    public ValueTask<IReadOnlyList<int>> CountTokensAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<int>>([.. texts.Select(text => _model.Tokenize(text, addSpecial: false, parseSpecial: false).Length)]);

    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            return await _engine.EmbedAsync(texts, cancellationToken);
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    public void Release(long pid)
    {
        _adapters.Forget(pid);
        _engine.Release(Key(pid));
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _model.Dispose();
    }

    private async ValueTask<int[]> TokenizeAsync(IReadOnlyList<PromptMessage> messages, CancellationToken cancellationToken) =>
        messages.Sum(message => message.Text.Length) > LongPrompt
            ? await Task.Run(() => Tokenize(messages), cancellationToken)
            : Tokenize(messages);

    private int[] Tokenize(IReadOnlyList<PromptMessage> messages)
    {
        try
        {
            var turns = messages.Select(message => new ChatTurn(Role(message.Role), message.Text)).ToArray();
            return _model.Tokenize(_model.ApplyChatTemplate(turns));
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    private GenerationHandle Submit(InferenceRequest request, int[] prompt, IReadOnlyList<AdapterUse> adapters)
    {
        var sampling = request.Sampling;
        try
        {
            return _engine.Submit(new GenerationRequest
            {
                Key = Key(request.Pid),
                PromptTokens = prompt,
                Adapters = adapters,
                MaxTokens = request.MaxTokens,
                Sampling = new SamplingParameters
                {
                    Temperature = sampling.Temperature,
                    TopK = sampling.TopK,
                    TopP = sampling.TopP,
                    MinP = sampling.MinP,
                    Seed = sampling.Seed,
                    IgnoreEnd = sampling.IgnoreEndOfSequence,
                },
                Grammar = sampling.Grammar,
                StopTexts = sampling.Stop,
                Priority = request.Priority.Value,
            });
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    private void Measure(GenerationHandle generation) => generation.Completion.ContinueWith(
        (done, _) => EngineMetrics.Record(Card.Name, done.Result),
        state: null,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static async ValueTask<bool> WaitAsync(ChannelReader<TokenOutput> tokens, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.WaitToReadAsync(cancellationToken);
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    private static (string Text, int Tokens) Drain(ChannelReader<TokenOutput> ready)
    {
        if (!ready.TryRead(out var first))
        {
            return ("", 0);
        }

        if (!ready.TryRead(out var next))
        {
            return (first.Text, 1);
        }

        var text = new StringBuilder(first.Text);
        var tokens = 1;
        do
        {
            text.Append(next.Text);
            tokens++;
        }
        while (ready.TryRead(out next));
        return (text.ToString(), tokens);
    }

    private static FinishReason Finish(StopReason reason) => reason switch
    {
        StopReason.Length => FinishReason.Length,
        StopReason.Cancelled => FinishReason.Cancelled,
        _ => FinishReason.Stop,
    };

    private static string Key(long pid) => pid.ToString(CultureInfo.InvariantCulture);

    private static string Role(PromptRole role) => role switch
    {
        PromptRole.System => "system",
        PromptRole.User => "user",
        PromptRole.Assistant => "assistant",
        _ => "tool",
    };
}
