using LLMOS.Client;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Finds or makes the processes that answer requests, whichever protocol these come by.</summary>
internal sealed class ChatSessions(LlmosClient client)
{
    /// <summary>The header that says how urgent a request is: 0 to 19, or the name of a class.</summary>
    public const string PriorityHeader = "X-LLMOS-Priority";

    /// <summary>The header that says how many tokens a request's process may spend at most.</summary>
    public const string BudgetHeader = "X-LLMOS-Budget";

    /// <summary>The header that names a lasting process whose turn a request is to be: its PID or name.</summary>
    public const string ProcessHeader = "X-LLMOS-Process";

    // A client that can set no header names it in 'user'.
    private const string UserPrefix = "process:";

    /// <summary>The processes of a request, one for each choice; each of them ends when it is disposed, unless it was there before.</summary>
    /// <exception cref="OpenAiException">A header is wrong, or the prompt is longer than the window.</exception>
    public async Task<List<ChatSession>> OpenAsync(HttpContext context, ChatRequest request, string model, bool isKept = false)
    {
        var (priority, key) = (PriorityOf(context), context.Features.Get<ApiKey>());
        await CheckLengthAsync(request, model);
        if (LastingProcess(context, request) is { } lasting)
        {
            return [await JoinAsync(lasting, request)];
        }

        var sessions = new List<ChatSession>();
        try
        {
            for (var i = 0; i < request.Choices; i++)
            {
                sessions.Add(await ChatSession.StartAsync(client, request, model, new ChatTerms(priority, key?.Account ?? "", BudgetOf(context)), isKept));
            }

            return sessions;
        }
        catch
        {
            await CloseAsync(sessions);
            throw;
        }
    }

    public static Task CloseAsync(IEnumerable<ChatSession> sessions) => Task.WhenAll(sessions.Select(session => session.DisposeAsync().AsTask()));

    /// <summary>A prompt that no window takes would be cut by the process; here it is an error, as the API has it.</summary>
    public async Task CheckLengthAsync(ChatRequest request, string model)
    {
        var (replica, card) = await LoadAsync(model);
        var counts = await AsServer.CallAsync(() => replica.CountTokensAsync([request.System, .. request.Messages.Select(message => message.Text)]));
        if (card.ContextLength > 0 && counts.Sum() is var length && length + 1 > card.ContextLength)
        {
            throw new OpenAiException(
                StatusCodes.Status400BadRequest,
                $"The window of '{request.Model}' has {card.ContextLength} tokens, and {(request.IsRaw ? "the prompt is" : "the messages are")} {length} without what the answer takes: shorten {(request.IsRaw ? "it" : "the messages")}.",
                request.IsRaw ? "prompt" : "messages",
                OpenAiException.ContextLengthExceeded);
        }
    }

    /// <summary>Has a model loaded, and says what runs it.</summary>
    /// <exception cref="LlmosException">There is no room for it.</exception>
    public async Task<(IInferenceGrain Replica, ModelCard Card)> LoadAsync(string model)
    {
        var replica = client.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(model, 0));
        var admission = await AsServer.CallAsync(replica.AdmitAsync);
        return admission is { Accepted: true, Card: { } card } ? (replica, card) : throw LlmosException.Unavailable(admission.Reason);
    }

    /// <summary>What a request says, or its key; no more urgent than the key.</summary>
    private static ProcessPriority PriorityOf(HttpContext context)
    {
        var key = context.Features.Get<ApiKey>();
        var most = key?.Priority ?? ProcessPriority.Default;
        if (context.Request.Headers[PriorityHeader] is not [{ } said])
        {
            return most;
        }

        var wanted = ProcessPriority.Parse(said);
        return key is null || wanted >= most
            ? wanted
            : throw new OpenAiException(StatusCodes.Status403Forbidden, $"The key {key.Id} may ask at priority {most.Value} and below, and this is {wanted.Value}.", PriorityHeader, "permission_denied");
    }

    private static long BudgetOf(HttpContext context) => context.Request.Headers[BudgetHeader] is not [{ } said] ? 0
        : long.TryParse(said, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var tokens) && tokens > 0 ? tokens
        : throw OpenAiException.Wrong(BudgetHeader, $"{BudgetHeader} is '{(said.Length <= 40 ? said : said[..40] + "…")}': it must be a number of tokens from 1 up.");

    private static string? LastingProcess(HttpContext context, ChatRequest request) =>
        context.Request.Headers[ProcessHeader] is [{ Length: > 0 } said] ? said.Trim()
        : request.User.StartsWith(UserPrefix, StringComparison.Ordinal) && request.User.Length > UserPrefix.Length ? request.User[UserPrefix.Length..]
        : null;

    private async Task<ChatSession> JoinAsync(string named, ChatRequest request)
    {
        if (request.Choices != 1)
        {
            throw OpenAiException.Wrong("n", $"'n' is {request.Choices}, and a lasting process gives one answer: leave it out, or the process.");
        }

        var process = await client.GetProcessAsync(await client.ResolveAsync(named));
        return process.Program == ProcessPrograms.Agent
            ? ChatSession.Of(client, process)
            : throw OpenAiException.Wrong(ProcessHeader, $"Process {process.Pid} ({process.Name}) runs the program '{process.Program}' and answers no chats: name one that runs '{ProcessPrograms.Agent}'.");
    }
}
