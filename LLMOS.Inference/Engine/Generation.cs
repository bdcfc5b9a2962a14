using System.Diagnostics;
using System.Threading.Channels;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.Models;
using LLMOS.Inference.Planning;
using LLMOS.Inference.Sampling;
using LLMOS.Inference.Speculation;
using LLMOS.Inference.Text;

namespace LLMOS.Inference.Engine;

/// <summary>One request on its way through the engine. All but <see cref="RequestCancel"/> belongs to the owner thread.</summary>
internal sealed class Generation
{
    private readonly EngineLoop _loop;
    private readonly Utf8TokenDecoder _decoder = new();
    private readonly StopTextMatcher _stops;
    private long _cancelStep = -1;
    private Action? _onRoom;
    private bool _awaitingRoom;
    private double _logProbability;
    private int _drafted;
    private int _accepted;

    public Generation(EngineLoop loop, GenerationRequest request, AdapterSet adapters, TokenSampler sampler, int outputCapacity, Guess? guess)
    {
        _loop = loop;
        Request = request;
        Priority = request.Priority;
        Prompt = [.. request.PromptTokens.Span, .. request.Emitted.Span];
        Adapters = adapters;
        Sampler = sampler;
        _stops = new StopTextMatcher([.. request.StopTexts]);
        Submitted = Stopwatch.GetTimestamp();
        Output = Channel.CreateBounded<TokenOutput>(new BoundedChannelOptions(outputCapacity) { SingleReader = true, SingleWriter = true });
        OutputCapacity = outputCapacity;
        Guess = guess;
    }

    public GenerationRequest Request { get; }

    /// <summary>The request's, until somebody says otherwise.</summary>
    public int Priority { get; set; }

    public SequenceClass Class => Request.Class ?? SchedulingClass.Of(Priority);

    /// <summary>The tokens it begins with: the request's prompt and what it had emitted before.</summary>
    public int[] Prompt { get; }

    /// <summary>Those of them that are its answer's, with their texts.</summary>
    public IReadOnlyList<TokenOutput> Emitted { get; private set; } = [];

    /// <summary>How many they are, without one that ended the text.</summary>
    public int EmittedTokens { get; private set; }

    /// <summary>What it is computed with.</summary>
    public AdapterSet Adapters { get; }

    public TokenSampler Sampler { get; }

    /// <summary>What it is expected to say next; null when nothing is to be guessed.</summary>
    public Guess? Guess { get; }

    public Channel<TokenOutput> Output { get; }

    public TaskCompletionSource<GenerationResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Most cells it can ever hold.</summary>
    public int Reservation => Request.PromptTokens.Length + Request.MaxTokens;

    public long Arrival { get; set; }

    public long Submitted { get; }

    public long Admitted { get; private set; }

    public long FirstToken { get; private set; }

    public int CachedTokens { get; private set; }

    /// <summary>Those of them that other sequences had.</summary>
    public int SharedTokens { get; private set; }

    /// <summary>Whether its prompt has become its sequence's tokens.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Tokens that it has sampled.</summary>
    public int Completed { get; private set; }

    /// <summary>Tokens of its answer so far.</summary>
    public int Answered => Completed + EmittedTokens;

    /// <summary>Tokens that its answer may still have.</summary>
    public int Remaining => Request.MaxTokens - Answered;

    /// <summary>Those of them that were forced.</summary>
    public int Forced { get; private set; }

    /// <summary>Tokens that its reader leaves room for now.</summary>
    public int Room => Math.Max(0, OutputCapacity - Output.Reader.Count);

    public bool IsCancelRequested => Volatile.Read(ref _cancelStep) >= 0;

    public long CancelStep => Volatile.Read(ref _cancelStep);

    private int OutputCapacity { get; }

    /// <summary>Safe from any thread.</summary>
    public void RequestCancel()
    {
        if (!Completion.Task.IsCompleted && Interlocked.CompareExchange(ref _cancelStep, _loop.StepsStarted, -1) == -1)
            _loop.Wake();
    }

    /// <summary>It was broken off when it had come to these tokens.</summary>
    public void Continue(IReadOnlyList<TokenOutput> emitted, int tokens)
    {
        Emitted = emitted;
        EmittedTokens = tokens;
    }

    /// <summary>It has its reservation, and so many tokens of its prompt need no computing.</summary>
    public void Start(int cached)
    {
        IsStarted = true;
        CachedTokens = cached;
        Admitted = Stopwatch.GetTimestamp();
    }

    /// <summary>So many more tokens of its prompt came from other sequences.</summary>
    public void TakeShared(int tokens)
    {
        // What it had before and has to get again is no news to its reader.
        var news = Math.Min(tokens, Completed > 0 ? 0 : Prompt.Length - 1 - CachedTokens);
        CachedTokens += news;
        SharedTokens += news;
    }

    /// <summary>What a token adds to the text.</summary>
    public string TakeText(TokenPiece piece, out bool stopped) => _stops.Push(_decoder.Next(piece), out stopped);

    /// <summary>What was held back of the text, when no more tokens come.</summary>
    public string TakeRest()
    {
        var text = _stops.Push(_decoder.Finish(), out var stopped);
        return stopped ? text : text + _stops.Finish();
    }

    /// <summary>Whether the reader has taken enough that another token can be written; when not, the engine is woken as soon as it has.</summary>
    public bool HasRoom()
    {
        if (Volatile.Read(ref _awaitingRoom))
            return false;
        if (Output.Reader.Count < OutputCapacity)
            return true;
        var room = Output.Writer.WaitToWriteAsync().AsTask();
        if (room.IsCompleted)
            return true;
        Volatile.Write(ref _awaitingRoom, true);
        room.GetAwaiter().OnCompleted(_onRoom ??= () =>
        {
            Volatile.Write(ref _awaitingRoom, false);
            _loop.Wake();
        });
        return false;
    }

    /// <summary>Passes a token on. There is room for it: <see cref="HasRoom"/> said so and nobody else writes.</summary>
    public void Write(int token, string text, TokenLogProbabilities? logProbabilities = null)
    {
        if (FirstToken == 0)
            FirstToken = Stopwatch.GetTimestamp();
        Output.Writer.TryWrite(new TokenOutput(token, text) { LogProbabilities = logProbabilities });
    }

    public void CountToken(TokenLogProbabilities? logProbabilities = null)
    {
        Completed++;
        _logProbability += logProbabilities?.Chosen ?? 0;
    }

    public void CountForced() => Forced++;

    public void CountDrafts(int drafted, int accepted)
    {
        _drafted += drafted;
        _accepted += accepted;
    }

    public void End(StopReason reason, long stepsStarted)
    {
        var now = Stopwatch.GetTimestamp();
        Sampler.Dispose();
        Completion.TrySetResult(new GenerationResult
        {
            StopReason = reason,
            PromptTokens = Request.PromptTokens.Length,
            CachedTokens = Math.Min(CachedTokens, Request.PromptTokens.Length),
            SharedTokens = Math.Min(SharedTokens, Request.PromptTokens.Length),
            CompletionTokens = Answered,
            EmittedTokens = EmittedTokens,
            ForcedTokens = Forced,
            DraftedTokens = _drafted,
            AcceptedTokens = _accepted,
            LogProbability = Request.Sampling.TopLogProbabilities is null ? null : _logProbability,
            QueueTime = Stopwatch.GetElapsedTime(Submitted, Admitted == 0 ? now : Admitted),
            TimeToFirstToken = FirstToken == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Submitted, FirstToken),
            EngineTime = Admitted == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Admitted, now),
            StepsAfterCancel = reason == StopReason.Cancelled ? (int)(stepsStarted - CancelStep) : 0,
        });
        Output.Writer.TryComplete();
    }

    public void Fail(LlamaException exception)
    {
        Sampler.Dispose();
        Completion.TrySetException(exception);
        _ = Completion.Task.Exception; // Whoever reads the tokens alone learns it from the channel.
        Output.Writer.TryComplete(exception);
    }
}
