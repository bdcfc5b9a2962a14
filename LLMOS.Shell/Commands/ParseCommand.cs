using System.CommandLine;
using System.Text;
using LLMOS.Inference;
using LLMOS.Inference.Discovery;
using LLMOS.Shell.Output;
using LLMOS.Shell.Sessions;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Commands;

/// <summary><c>parse</c>: says which system calls a sentence asks for, and makes none of them. It starts no silo.</summary>
internal sealed class ParseCommand : ShellCommand
{
    private const int MostTokens = 400;
    private const int ContextTokens = 4096;

    private readonly Argument<string> _sentence = new("SENTENCE") { Description = "What to do, in words; - reads standard input" };

    private readonly Option<string?> _model = GlobalOptions.Model();

    private readonly Option<OutputFormat> _format = GlobalOptions.Format();

    public ParseCommand(ShellContext context)
        : base("parse", "Say which system calls a sentence asks for, without making them", context)
    {
        Add(_sentence);
        Add(_model);
        Add(_format);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var sentence = await RequestText.ReadAsync(parse.GetRequiredValue(_sentence), Console.OpenStandardInput(), cancellationToken);
        if (sentence.Length > SyscallPrompt.LongestSentence)
            throw new UsageException($"The sentence has {sentence.Length} characters, and at most {SyscallPrompt.LongestSentence} are parsed: say it in fewer words, or in several sentences.");
        var options = new SessionOptions { Data = parse.GetValue(Context.Global.Data) };
        var model = new ModelChoice(SiloSettings.Read(options).Models).Default(parse.GetValue(_model))
            ?? throw new UsageException("A model of another server cannot be held to a grammar: name one of this machine with --model (llmos models lists them).");
        var reply = await Task.Run(() => AskAsync(model, sentence, cancellationToken), cancellationToken).WaitAsync(cancellationToken);

        var output = Context.Console.Out;
        if (parse.GetValue(_format) == OutputFormat.Json)
            await output.WriteLineAsync(SyscallJson.Write(reply.Calls));
        else
            foreach (var call in reply.Calls)
                await output.WriteLineAsync(call.ToString());
        if (reply.Answer is { } answer && !parse.GetValue(Context.Global.Quiet))
            Context.Console.WriteProgress(answer);
        return ExitCodes.Success;
    }

    private static async Task<SyscallReply> AskAsync(ResolvedModel file, string sentence, CancellationToken cancellationToken)
    {
        try
        {
            using var model = LlamaModel.Load(file.Path);
            await using var engine = new LlamaCppEngine(model, new EngineOptions { ContextCells = ContextTokens });
            var prompt = model.ApplyChatTemplate([new ChatTurn("system", SyscallPrompt.System), new ChatTurn("user", SyscallPrompt.Normalise(sentence))]);
            var generation = engine.Submit(new GenerationRequest
            {
                PromptTokens = model.Tokenize(prompt),
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
}
