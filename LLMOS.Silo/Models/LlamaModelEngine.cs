using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Models;

/// <summary>An engine of llama.cpp in this process: prompts become tokens by the model's chat template, tokens come back in batches of what is ready.</summary>
internal sealed class LlamaModelEngine : IModelEngine
{
    // Past this many characters tokenizing takes milliseconds, which a grain's turn should not.
    private const int LongPrompt = 16_384;

    private readonly LlamaModel _model;
    private readonly LlamaCppEngine _engine;
    private readonly SiloEngines _siloEngines;
    private readonly EngineAdapters _adapters;
    private readonly TimeProvider _time;

    private LlamaModelEngine(LlamaModel model, LlamaCppEngine engine, SiloEngines siloEngines, EngineAdapters adapters, ModelCard card, long cellBytes, TimeProvider time)
    {
        _model = model;
        _engine = engine;
        _siloEngines = siloEngines;
        _adapters = adapters;
        _time = time;
        Card = card;
        siloEngines.Add(engine, card.Device, cellBytes);
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
    public static LlamaModelEngine Open(LocalEngineSource source, DeviceDefinition device, SiloModelOptions options, SiloEngines siloEngines, TimeProvider time)
    {
        LlamaModel? model = null;
        try
        {
            model = LlamaModel.Load(source.Path, new ModelOptions { Device = device.Backend, Name = source.Name });
            var engine = new LlamaCppEngine(model, new EngineOptions
            {
                ContextCells = source.ContextCells,
                KvLayout = options.KvLayout,
                MaxSequences = options.Sequences,
                HostCells = options.HostCells ?? source.ContextCells,
                DiskCells = options.DiskCells,
                SpillFolder = options.SpillFolder.Length > 0 ? options.SpillFolder : null,
                Threads = options.Threads,
                Policy = options.Policy,
                Quantum = options.Quantum,
                AgingSteps = options.AgingSteps,
            });
            var card = new ModelCard(source.Name, model.Architecture, model.ParameterCount, model.SizeBytes, engine.MaxSequenceTokens, device.Name)
            {
                SupportsTools = model.SupportsTools,
                CanContinue = true,
            };
            return new LlamaModelEngine(model, engine, siloEngines, new EngineAdapters(model, options), card, source.CellBytes, time);
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
        var prompt = await RenderAsync(request, cancellationToken);
        var answer = new LlamaAnswer(_model, prompt, request);
        var adapters = await _adapters.UseAsync(request);
        var submitted = _time.GetUtcNow();
        var generation = await SubmitAsync(request, prompt, adapters, cancellationToken);
        answer.Skip(generation.Emitted);

        // Not by way of the reader below: that one may be waiting for its grain's turn.
        using var cancelling = cancellationToken.UnsafeRegister(static handle => ((GenerationHandle)handle!).Cancel(), generation);
        var firstToken = TimeSpan.Zero;
        try
        {
            while (await WaitAsync(generation.Tokens, cancellationToken))
            {
                if (firstToken == TimeSpan.Zero)
                {
                    firstToken = _time.GetElapsedTime(started);
                }

                while (generation.Tokens.TryRead(out var token))
                {
                    answer.Add(token);
                }

                if (answer.Next() is { } piece)
                {
                    yield return piece;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            var result = await generation.Completion;
            yield return answer.End(new InferenceUsage(
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
            Measure(generation, request, submitted);
        }
    }

    public async Task<PromptEstimate> EstimateAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var prompt = await RenderAsync(request, cancellationToken);
        try
        {
            return new PromptEstimate(prompt.Tokens.Length, await _engine.CountCachedAsync(Key(request.Pid), prompt.Tokens, Domain(request), _adapters.LastOf(request.Pid)));
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

    public void Release(long pid, string? endedDomain)
    {
        _adapters.Forget(pid);
        _engine.Release(Key(pid));
        if (endedDomain is not null)
        {
            _engine.ReleaseDomain(endedDomain);
        }
    }

    public async Task<bool> SetPriorityAsync(long pid, ProcessPriority priority)
    {
        try
        {
            return await _engine.SetPriorityAsync(Key(pid), priority.Value);
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    public async Task<ImmutableArray<long>> WithdrawAsync(ImmutableArray<long> pids, int most)
    {
        try
        {
            return [.. (await _engine.WithdrawAsync([.. pids.Select(Key)], most)).Select(key => long.Parse(key, CultureInfo.InvariantCulture))];
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    public async Task<int> ForkAsync(long parentPid, long childPid)
    {
        try
        {
            return (await _engine.ForkAsync(Key(parentPid), Key(childPid))).SharedTokens;
        }
        catch (LlamaException exception) when (exception.Error == LlamaError.InvalidRequest)
        {
            // The parent has no sequence here, or the child has begun: there is nothing to go on from.
            return 0;
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    public async Task<KvUsage?> DescribeAsync(long pid)
    {
        try
        {
            return await _engine.DescribeAsync(Key(pid)) is { } statistics ? LlamaUsage.Of(pid, statistics) : null;
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _siloEngines.Remove(_engine);
        await _engine.DisposeAsync();
        _model.Dispose();
    }

    private async ValueTask<LlamaPrompt> RenderAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        LlamaPrompt.LengthOf(request) > LongPrompt
            ? await Task.Run(() => Render(request), cancellationToken)
            : Render(request);

    private LlamaPrompt Render(InferenceRequest request)
    {
        try
        {
            return LlamaPrompt.Of(_model, request);
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    private async ValueTask<GenerationHandle> SubmitAsync(InferenceRequest request, LlamaPrompt prompt, IReadOnlyList<AdapterUse> adapters, CancellationToken cancellationToken)
    {
        var sampling = request.Sampling;
        try
        {
            var generation = new GenerationRequest
            {
                Key = Key(request.Pid),
                Domain = Domain(request),
                ReadableDomains = request.ReadableDomains,
                Tree = request.Tree > 0 ? Key(request.Tree) : null,
                PromptTokens = prompt.Tokens,
                Adapters = adapters,
                Emitted = request.Emitted.ToArray(),
                MaxTokens = request.MaxTokens,
                Sampling = LlamaSampling.Of(sampling),
                Grammar = sampling.Grammar,
                GrammarRoot = sampling.GrammarRoot,
                JsonSchema = prompt.Call?.Schema ?? sampling.JsonSchema,
                StopTexts = sampling.Stop,
                Priority = request.Priority.Value,
                Weight = request.Weight,
                Reservation = request.Reservation,
            };

            if (prompt.Call is { Functions.Count: > 0 } spans)
            {
                // Words are looked up and not made up, for which a temperature is only an error. An answer that goes on may have named any function.
                generation = generation with { Sampling = generation.Sampling with { Temperature = 0 } };
                var functions = request.Emitted.IsEmpty
                    ? await LikeliestCall.AmongAsync(_engine, generation, spans.Functions, spans.Request, cancellationToken)
                    : spans.Functions;
                generation = generation with { Grammar = SpanCallGrammar.For(functions, spans.Request) };
            }

            return _engine.Submit(generation);
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    private void Measure(GenerationHandle generation, InferenceRequest request, DateTimeOffset submitted) => generation.Completion.ContinueWith(
        (done, _) =>
        {
            EngineMetrics.Record(Card.Name, request, done.Result);
            EngineSpans.Record(request.TraceParent, submitted, done.Result);
        },
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

    private static FinishReason Finish(StopReason reason) => reason switch
    {
        StopReason.Length => FinishReason.Length,
        StopReason.Cancelled => FinishReason.Cancelled,
        StopReason.Withdrawn => FinishReason.Withdrawn,
        _ => FinishReason.Stop,
    };

    private static string Key(long pid) => pid.ToString(CultureInfo.InvariantCulture);

    private static string? Domain(InferenceRequest request) => request.Domain.Length > 0 ? request.Domain : null;
}
