using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Models;

/// <summary>
/// An engine over any <see cref="IChatClient"/>: a model that a server elsewhere runs. It holds no KV for processes; the
/// server may cache prefixes, and its usage says so.
/// </summary>
internal sealed class ChatClientModelEngine : IModelEngine
{
    private readonly IChatClient _client;
    private readonly IEmbeddingGenerator<string, Embedding<float>>? _embeddings;
    private readonly RemoteErrors _errors;
    private readonly TimeProvider _time;
    private int _active;

    public ChatClientModelEngine(
        IChatClient client,
        IEmbeddingGenerator<string, Embedding<float>>? embeddings,
        ModelCard card,
        RemoteErrors errors,
        TimeProvider time)
    {
        _client = client;
        _embeddings = embeddings;
        _errors = errors;
        _time = time;
        Card = card;
    }

    public ModelCard Card { get; }

    public EngineLoad Load => new(Volatile.Read(ref _active), Waiting: 0, KvUsed: 0, KvTotal: 0, TokensPerSecond: 0);

    // Whatever is wrong with a server may be right at the next request.
    public string? Failure => null;

    public async IAsyncEnumerable<InferenceChunk> GenerateAsync(
        InferenceRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.NamesTokens || request.Emitted.Length > 0)
        {
            throw LlmosException.Refused($"The model '{Card.Name}' runs on a server, which neither names its tokens nor goes on behind them: ask for no tokens.");
        }

        var options = RemoteRequest.Options(Card.Name, request);
        var messages = request.Messages.Select(RemoteRequest.Message);
        var calls = ImmutableArray.CreateBuilder<ToolCall>();
        var started = _time.GetTimestamp();
        TimeSpan? firstToken = null;
        var usage = new UsageDetails();
        FinishReason? finish = null;
        var pieces = 0;

        Interlocked.Increment(ref _active);
        try
        {
            await using var updates = _client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(updates, cancellationToken))
            {
                var update = updates.Current;
                foreach (var content in update.Contents.OfType<UsageContent>())
                {
                    usage.Add(content.Details);
                }

                calls.AddRange(update.Contents.OfType<FunctionCallContent>().Select(RemoteRequest.Call));
                if (update.FinishReason is { } reason)
                {
                    finish = reason == ChatFinishReason.Length ? FinishReason.Length
                        : reason == ChatFinishReason.ToolCalls ? FinishReason.ToolCalls
                        : FinishReason.Stop;
                }

                if (update.Text is not { Length: > 0 } text)
                {
                    continue;
                }

                firstToken ??= _time.GetElapsedTime(started);
                pieces++;
                yield return new InferenceChunk(text, Tokens: 1, Usage: null);
                if (pieces > request.MaxTokens)
                {
                    // A server that does not know the limit's name is held to it from here.
                    finish = FinishReason.Length;
                    break;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }

        if (finish is not { } ended)
        {
            // Neither half an answer nor a page that is none must pass for one.
            throw LlmosException.Unavailable(pieces > 0
                ? $"The server of the model '{Card.Name}' broke off its answer after {pieces} pieces: ask again, or look into the server's log."
                : $"The server of the model '{Card.Name}' gave no answer of the OpenAI chat protocol: check its address.");
        }

        var elapsed = _time.GetElapsedTime(started);
        var completion = (int)(usage.OutputTokenCount ?? pieces);
        yield return new InferenceChunk("", Math.Max(0, completion - pieces), new InferenceUsage(
            ended,
            (int)(usage.InputTokenCount ?? request.Messages.Sum(message => TokenEstimate.Of(message.Text))),
            (int)(usage.CachedInputTokenCount ?? 0),
            completion,
            elapsed,
            firstToken ?? elapsed))
        {
            ToolCalls = calls.ToImmutable(),
        };
    }

    // The server's tokenizer and cache are not to be asked, so both figures are estimates.
    public Task<PromptEstimate> EstimateAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new PromptEstimate(request.Messages.Sum(message => TokenEstimate.Of(message.Text)), CachedTokens: 0));

    public ValueTask<IReadOnlyList<int>> CountTokensAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<int>>([.. texts.Select(TokenEstimate.Of)]);

    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (_embeddings is null)
        {
            throw LlmosException.Refused($"The model '{Card.Name}' makes no embeddings: name one of its server that does in Models:Remote:{Card.Name}:EmbeddingModel.");
        }

        try
        {
            var embeddings = await _embeddings.GenerateAsync(texts, cancellationToken: cancellationToken);
            return [.. embeddings.Select(embedding => Normalised(embedding.Vector.Span))];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw _errors.Translate(exception);
        }
    }

    public void Release(long pid, string? endedDomain)
    {
        // The server keeps nothing for a process.
    }

    public Task<int> ForkAsync(long parentPid, long childPid) => Task.FromResult(0);

    public Task<KvUsage?> DescribeAsync(long pid) => Task.FromResult<KvUsage?>(null);

    public ValueTask DisposeAsync()
    {
        _embeddings?.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw _errors.Translate(exception);
        }
    }

    private static float[] Normalised(ReadOnlySpan<float> vector)
    {
        var unit = vector.ToArray();
        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(unit, norm, unit);
        }

        return unit;
    }
}
