using System.Text;
using LLMOS.Inference;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Syscalls;

/// <summary>Makes system calls of sentences, with a model that it holds as long as it lives.</summary>
internal sealed class SentenceParser : IAsyncDisposable
{
    private const int MostTokens = 400;
    private const int ContextTokens = 4096;

    private readonly LlamaModel _model;
    private readonly LlamaCppEngine _engine;

    private SentenceParser(LlamaModel model)
    {
        _model = model;
        _engine = new LlamaCppEngine(model, new EngineOptions { ContextCells = ContextTokens });
    }

    /// <summary>Loads the model for it.</summary>
    /// <param name="options">Where the configuration is found.</param>
    /// <param name="requested">The model that was asked for; null for the default.</param>
    /// <exception cref="UsageException">The model is one that a server elsewhere runs.</exception>
    /// <exception cref="LlmosException">There is no such model, or it does not load.</exception>
    public static SentenceParser Load(SessionOptions options, string? requested)
    {
        var file = new ModelChoice(SiloSettings.Read(options).Models).Default(requested)
            ?? throw new UsageException("A model of another server cannot be held to a grammar: name one of this machine with --model (llmos models lists them).");
        try
        {
            return new SentenceParser(LlamaModel.Load(file.Path));
        }
        catch (LlamaException refused)
        {
            throw new LlmosException(LlmosErrorCode.Unavailable, refused.Message, refused);
        }
    }

    /// <summary>The calls that a sentence asks for, or what to say to it.</summary>
    /// <exception cref="UsageException">The sentence is too long.</exception>
    /// <exception cref="LlmosException">The model failed.</exception>
    public async Task<SyscallReply> ParseAsync(string sentence, CancellationToken cancellationToken)
    {
        if (sentence.Length > SyscallPrompt.LongestSentence)
            throw new UsageException($"The sentence has {sentence.Length} characters, and at most {SyscallPrompt.LongestSentence} are parsed: say it in fewer words, or in several sentences.");
        try
        {
            var prompt = _model.ApplyChatTemplate([new ChatTurn("system", SyscallPrompt.System), new ChatTurn("user", SyscallPrompt.Normalise(sentence))]);
            var generation = _engine.Submit(new GenerationRequest
            {
                PromptTokens = _model.Tokenize(prompt),
                MaxTokens = MostTokens,
                Sampling = SamplingParameters.Greedy,
                Grammar = SyscallGrammar.For(sentence),
            });
            var said = new StringBuilder();
            await foreach (var token in generation.ReadAllAsync(cancellationToken))
                said.Append(token.Text);
            await generation.Completion;
            return SyscallParser.Parse(said.ToString(), sentence);
        }
        catch (LlamaException refused)
        {
            throw new LlmosException(LlmosErrorCode.Unavailable, refused.Message, refused);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _model.Dispose();
    }
}
