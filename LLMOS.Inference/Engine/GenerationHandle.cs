using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LLMOS.Inference.Engine;

namespace LLMOS.Inference;

/// <summary>A generation that an engine works on.</summary>
public sealed class GenerationHandle
{
    private readonly Generation _generation;

    internal GenerationHandle(Generation generation) => _generation = generation;

    /// <summary>The tokens of <see cref="GenerationRequest.Emitted"/> with their texts, as they were passed on when they came; without log-probabilities. The others follow in <see cref="Tokens"/>.</summary>
    public IReadOnlyList<TokenOutput> Emitted => _generation.Emitted;

    /// <summary>
    /// The tokens as they come, for one reader. Bounded: a reader that stops reading pauses its own sequence.
    /// It completes when the generation ends; with a <see cref="LlamaException"/> if it failed. A reader that goes away calls <see cref="Cancel"/>.
    /// </summary>
    public ChannelReader<TokenOutput> Tokens => _generation.Output.Reader;

    /// <summary>How it ended; cancelled is an end, too.</summary>
    /// <exception cref="LlamaException">The sequence or the engine failed, or the engine was disposed.</exception>
    public Task<GenerationResult> Completion => _generation.Completion.Task;

    /// <summary>Stops the sequence after the step that is running. Calling it again, or after the end, does nothing.</summary>
    public void Cancel() => _generation.RequestCancel();

    /// <summary>The tokens as they come; leaving the loop before its end cancels the generation.</summary>
    public async IAsyncEnumerable<TokenOutput> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            while (await Tokens.WaitToReadAsync(cancellationToken))
            {
                while (Tokens.TryRead(out var token))
                    yield return token;
            }
        }
        finally
        {
            Cancel();
        }
    }
}
