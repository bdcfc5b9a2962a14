using System.Diagnostics;
using System.Runtime.InteropServices;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.Engine;
using LLMOS.Inference.Grammars.JsonSchema;
using LLMOS.Inference.Planning;
using LLMOS.Inference.Sampling;
using LLMOS.Inference.Speculation;

namespace LLMOS.Inference;

/// <summary>
/// Runs one model on one device: one native context, one thread that owns it, and continuous batching, so that each step is one decode for all sequences.
/// Safe to use from any thread.
/// </summary>
public sealed class LlamaCppEngine : IAsyncDisposable
{
    /// <summary>More characters than any token stands for.</summary>
    private const int LongestPiece = 256;

    private readonly EngineLoop _loop;
    private readonly EngineOptions _options;
    private readonly SamplerScratch _scratch;
    private readonly AdapterSets _adapters;

    /// <summary>Makes the native context and starts the owner thread.</summary>
    /// <param name="model">Stays loaded until the engine is disposed, even if it is disposed before.</param>
    /// <param name="options">Sizes; null for the defaults.</param>
    /// <exception cref="LlamaException">An option is out of range, or the context does not fit into memory.</exception>
    public LlamaCppEngine(LlamaModel model, EngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _options = options ?? new EngineOptions();
        _options.Validate();
        Model = model;
        if (model.HasEncoder)
            throw new LlamaException(LlamaError.NotSupported, $"The model '{model.Name}' ({model.Architecture}) has an encoder of its own, which this engine does not run: use a decoder-only or an embedding model.");
        _options = _options with { Threads = ThreadChoice.For(model, _options) };
        _scratch = new SamplerScratch(model.VocabularySize);
        _adapters = new AdapterSets(model);
        _loop = new EngineLoop(model, _options, _adapters.None);
        MaxSequenceTokens = model.ContextLength > 0 ? Math.Min(model.ContextLength, _loop.SequenceCells) : _loop.SequenceCells;
    }

    public LlamaModel Model { get; }

    /// <summary>The compute threads: those that were asked for, else those that were measured to be the best.</summary>
    public int Threads => _options.Threads;

    /// <summary>Most tokens, of prompt and answer together, that one sequence may have.</summary>
    public int MaxSequenceTokens { get; }

    public EngineStatistics Statistics => _loop.Statistics;

    /// <summary>Removes the spill files that engines which were killed left in a folder; those of engines that live stay. Does nothing when there is no such folder.</summary>
    public static void RemoveAbandonedSpills(string spillFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(spillFolder);
        KvCache.SpillFolder.RemoveAbandoned(spillFolder);
    }

    /// <summary>Checks a request and queues it. Requests of one key run one after another, in the order in which they came.</summary>
    /// <exception cref="LlamaException">The request is wrong or can never fit, its grammar does not parse, its schema cannot be followed, or the engine has ended.</exception>
    public GenerationHandle Submit(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Validate(request);
        var adapters = _adapters.Of(request.Adapters);
        var sampler = new TokenSampler(request.Sampling, Model.EndTokens, _scratch, ParseGrammar(request));
        try
        {
            var generation = new Generation(_loop, request, adapters, sampler, _options.OutputCapacity, NewGuess(request));
            if (Continuation.Take(generation, Model) is { } end)
                generation.End(end, _loop.StepsStarted);
            else
                _loop.Submit(generation);
            return new GenerationHandle(generation);
        }
        catch
        {
            sampler.Dispose();
            throw;
        }
    }

    /// <summary>Tokens of a prompt that need not be computed if it is submitted for this key, this security domain and these adapters now. Answered between two steps.</summary>
    /// <exception cref="LlamaException">The adapters are wrong, or the engine has ended.</exception>
    public Task<int> CountCachedAsync(string key, IReadOnlyList<int> promptTokens, string? domain = null, IReadOnlyList<AdapterUse>? adapters = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(promptTokens);
        return promptTokens.Count == 0 ? Task.FromResult(0) : _loop.CountCachedAsync(key, domain, _adapters.Of(adapters ?? []), [.. promptTokens]);
    }

    /// <summary>
    /// Gives the requests of a key, that which is under way and those that wait, another priority from the next step on; 0 (highest) to 19. The key's next request says its own again.
    /// </summary>
    /// <returns>Whether there was a request.</returns>
    /// <exception cref="LlamaException">The priority is outside the scale, or the engine has ended.</exception>
    public Task<bool> SetPriorityAsync(string key, int priority)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return priority is >= SchedulingClass.HighestPriority and <= SchedulingClass.LowestPriority
            ? _loop.ReprioritiseAsync(key, priority)
            : throw Invalid($"Priority {priority} is outside the scale: use {SchedulingClass.HighestPriority} (highest) to {SchedulingClass.LowestPriority}.");
    }

    /// <summary>
    /// Takes requests that have not begun out of the queue, so that another engine can have them: of those with the least KV here first, and of the last to come. They end with
    /// <see cref="StopReason.Withdrawn"/>.
    /// </summary>
    /// <param name="keys">Whose requests may be taken.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>The keys of those that were.</returns>
    /// <exception cref="LlamaException">The engine has ended.</exception>
    public Task<string[]> WithdrawAsync(IReadOnlyCollection<string> keys, int most)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return _loop.WithdrawAsync(keys, most);
    }

    /// <summary>
    /// Forks a process's sequence, also in the middle of a turn: the new key gets its tokens so far and shares their KV cells, in the same security domain. A request for the new key
    /// whose prompt begins with those tokens computes only what it adds: for n best, for a tree of thoughts, and for children that inherit a context.
    /// </summary>
    /// <returns>The tokens, and how many of them need no computing.</returns>
    /// <exception cref="LlamaException">The parent is not known, the child has a sequence already, or the engine has ended.</exception>
    public Task<ForkedSequence> ForkAsync(string parentKey, string childKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(parentKey);
        ArgumentException.ThrowIfNullOrEmpty(childKey);
        return _loop.ForkAsync(parentKey, childKey);
    }

    /// <summary>What the KV of a key has come to since its first request; null when it is not known, or was released.</summary>
    /// <exception cref="LlamaException">The engine has ended.</exception>
    public Task<SequenceStatistics?> DescribeAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _loop.DescribeAsync(key);
    }

    /// <summary>What the KV of all keys has come to since their first requests; those that were released are left out. Answered between two steps.</summary>
    /// <exception cref="LlamaException">The engine has ended.</exception>
    public Task<IReadOnlyDictionary<string, SequenceStatistics>> DescribeAllAsync() => _loop.DescribeAllAsync();

    /// <summary>Who held the device lately: the slices that had not ended by a time ago, oldest first. The newest few thousand are kept.</summary>
    public IReadOnlyList<EngineSlice> ReadSlices(TimeSpan ago) => _loop.Slices.Read(Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency));

    /// <summary>
    /// The embeddings of texts, each of unit length, in their order. A text that is longer than the option EmbeddingTokens is embedded in chunks of nearly equal length, and the mean of
    /// their embeddings, weighted by their tokens, is its own. The streams go on meanwhile, a little slower.
    /// </summary>
    /// <exception cref="LlamaException">A text is empty or longer than the option LongestText, or the model cannot embed.</exception>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
            return [];
        var chunks = new List<int[]>(texts.Count);
        var weights = new List<int>(texts.Count);
        var ends = new int[texts.Count];
        for (var i = 0; i < texts.Count; i++)
        {
            foreach (var (tokens, weight) in ChunksOf(texts, i))
            {
                chunks.Add(tokens);
                weights.Add(weight);
            }
            ends[i] = chunks.Count;
        }
        var job = new EmbeddingJob(chunks, texts.Count, cancellationToken);
        _loop.Embed(job);
        var embeddings = await job.Completion.Task;
        var averages = new float[texts.Count][];
        for (var (i, start) = (0, 0); i < averages.Length; start = ends[i++])
            averages[i] = LongText.Average(embeddings.AsSpan(start..ends[i]), CollectionsMarshal.AsSpan(weights)[start..ends[i]]);
        return averages;
    }

    /// <summary>Gives the KV of a key back, and cancels what runs or waits under it. In a security domain the KV stays a while for others, until room is wanted.</summary>
    public void Release(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _loop.Release(key);
    }

    /// <summary>Drops the KV that is kept for others of a security domain after its owners were released: nobody of the domain comes any more.</summary>
    /// <exception cref="LlamaException">The engine has ended.</exception>
    public void ReleaseDomain(string domain)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        _loop.ReleaseDomain(domain);
    }

    /// <summary>Ends all generations with <see cref="LlamaError.EngineStopped"/> and frees the context. A decode that is running is broken off.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private List<(int[] Tokens, int Weight)> ChunksOf(IReadOnlyList<string> texts, int index)
    {
        var text = texts[index];
        if (text.Length > (long)_options.LongestText * LongestPiece)
            throw TooLong($"{text.Length} characters");
        var framed = Model.Tokenize(text, addSpecial: true, parseSpecial: false);
        if (framed.Length == 0)
            throw Invalid($"Text {index + 1} of {texts.Count} has no tokens: an empty text has no embedding.");
        if (framed.Length > _options.LongestText)
            throw TooLong($"{framed.Length} tokens");
        foreach (var token in framed)
            Model.Vocabulary.RequireToken(token);
        var limit = Model.ContextLength > 0 ? Math.Min(_options.EmbeddingTokens, Model.ContextLength) : _options.EmbeddingTokens;
        var chunks = LongText.Split(framed, framed.Length <= limit ? framed : Model.Tokenize(text, addSpecial: false, parseSpecial: false), limit);
        return chunks.Count > 0
            ? chunks
            : throw new LlamaException(LlamaError.TooLong, $"EmbeddingTokens is {limit}, which the tokens fill that '{Model.Name}' wants around each chunk of text {index + 1} of {texts.Count}: raise it.");

        LlamaException TooLong(string length) => new(
            LlamaError.TooLong, $"Text {index + 1} of {texts.Count} has {length}, but at most {_options.LongestText} tokens are embedded, in chunks: split it, or raise LongestText.");
    }
    /// <summary>Null where nothing is to be drafted, or where memory cannot be cut back to before a wrong draft.</summary>
    private Guess? NewGuess(GenerationRequest request) =>
        request.Speculate && _options.DraftTokens > 0 && Model.CanShareParts ? new Guess(_options.DraftTokens) : null;

    private GrammarConstraint? ParseGrammar(GenerationRequest request)
    {
        if (!string.IsNullOrEmpty(request.JsonSchema))
            return GrammarConstraint.Parse(Model, JsonSchemaGrammar.Convert(request.JsonSchema, request.JsonSchemaOptions), JsonSchemaGrammar.Root, _options.ForcedTokens);
        return string.IsNullOrEmpty(request.Grammar) ? null : GrammarConstraint.Parse(Model, request.Grammar, request.GrammarRoot, _options.ForcedTokens);
    }

    private void Validate(GenerationRequest request)
    {
        if (!_loop.CanGenerate)
            throw new LlamaException(LlamaError.NotSupported, $"The model '{Model.Name}' ({Model.Architecture}) embeds texts and does not generate: use a language model.");
        if (request.PromptTokens.IsEmpty)
            throw Invalid("The prompt has no tokens: give at least one.");
        if (request.MaxTokens < 1)
            throw Invalid($"MaxTokens is {request.MaxTokens}: it must be at least 1.");
        if (request.Emitted.Length - 1 > request.MaxTokens) // One may be the end of the text.
            throw Invalid($"Emitted has {request.Emitted.Length} tokens and MaxTokens is {request.MaxTokens}: an answer cannot have more than it may.");
        var (prompt, answer) = (request.PromptTokens.Length, request.MaxTokens);
        if ((long)prompt + answer > MaxSequenceTokens)
        {
            throw new LlamaException(
                LlamaError.TooLong,
                $"A prompt of {prompt} tokens with {answer} tokens to generate can never fit into the {MaxSequenceTokens} tokens that a sequence of '{Model.Name}' may have here: shorten the prompt, ask for fewer tokens, or raise ContextCells.");
        }
        foreach (var token in request.PromptTokens.Span)
            Model.Vocabulary.RequireToken(token);
        if (request.Priority is < Planning.SchedulingClass.HighestPriority or > Planning.SchedulingClass.LowestPriority)
            throw Invalid($"Priority is {request.Priority}: it must be {Planning.SchedulingClass.HighestPriority} (highest) to {Planning.SchedulingClass.LowestPriority}.");
        if (!(request.Weight > 0) || !double.IsFinite(request.Weight))
            throw Invalid($"Weight is {request.Weight}: it must be positive.");
        if (request.Reservation is < 0)
            throw Invalid($"Reservation is {request.Reservation}: it must be 0 or more weighted tokens a window.");
        if (request.Class is { } sequenceClass && !Enum.IsDefined(sequenceClass))
            throw Invalid($"Class is {sequenceClass}: it must be one of {string.Join(", ", Enum.GetNames<Planning.SequenceClass>())}.");
        if (request.Domain is "" || request.ReadableDomains.Any(string.IsNullOrEmpty))
            throw Invalid("A security domain is empty: name it, or leave Domain null to share nothing.");
        if (request.StopTexts.Any(string.IsNullOrEmpty))
            throw Invalid("A stop text is empty: give text to stop at, or none.");
        if (!string.IsNullOrEmpty(request.Grammar) && !string.IsNullOrEmpty(request.JsonSchema))
            throw Invalid("The request has a grammar and a JSON schema: give one of them.");
        request.Sampling.Validate(Model.VocabularySize);
    }

    private static LlamaException Invalid(string message) => new(LlamaError.InvalidRequest, message);
}
