#pragma warning disable xUnit1051 // The clients have time limits of their own.
using System.ClientModel;
using System.Text.Json;
using LLMOS.Kernel.Processes;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>OpenAI's own SDK as a client of a running silo.</summary>
public sealed class OpenAiSdkTests(HttpSilo silo) : IClassFixture<HttpSilo>
{
    private readonly OpenAIClient _openAi = new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(silo.Address, "v1") });

    private ChatClient Chat => _openAi.GetChatClient("tools");

    [Fact]
    public async Task A_chat_is_answered_and_its_tokens_are_counted()
    {
        var completion = (await Chat.CompleteChatAsync([new SystemChatMessage("You answer."), new UserChatMessage("Hello there.")], Options(12))).Value;
        Assert.Equal(ChatFinishReason.Length, completion.FinishReason);
        Assert.NotEmpty(completion.Content[0].Text);
        Assert.Equal(12, completion.Usage.OutputTokenCount);
        Assert.True(completion.Usage.InputTokenCount > 5);
        Assert.Equal(completion.Usage.InputTokenCount + 12, completion.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task The_same_seed_says_the_same_streamed_or_not_and_what_was_said_before_counts()
    {
        ChatMessage[] messages = [new UserChatMessage("One."), new AssistantChatMessage("Two."), new UserChatMessage("Three.")];
        var whole = (await Chat.CompleteChatAsync(messages, Options(24))).Value;
        var text = "";
        ChatTokenUsage? usage = null;
        var reasons = new List<ChatFinishReason>();
        var pieces = 0;
        await foreach (var update in Chat.CompleteChatStreamingAsync(messages, Options(24)))
        {
            pieces++;
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
            if (update.FinishReason is { } reason)
                reasons.Add(reason);
        }

        Assert.Equal(whole.Content[0].Text, text);
        Assert.Equal([ChatFinishReason.Length], reasons);
        Assert.Equal(24, usage!.OutputTokenCount);
        Assert.True(pieces > 5, $"{pieces} pieces");
        var alone = (await Chat.CompleteChatAsync([messages[^1]], Options(24))).Value;
        Assert.True(alone.Usage.InputTokenCount < whole.Usage.InputTokenCount);
        Assert.NotEqual(text, alone.Content[0].Text);
    }

    [Fact]
    public async Task A_schema_is_held_and_a_function_is_called_and_its_result_goes_on()
    {
        var options = Options(200);
        options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
            "answer", BinaryData.FromString("""{"type":"object","properties":{"n":{"type":"integer","minimum":0,"maximum":9},"ok":{"type":"boolean"}},"required":["n","ok"],"additionalProperties":false}"""));
        using var json = JsonDocument.Parse((await Chat.CompleteChatAsync([new UserChatMessage("Give me a number.")], options)).Value.Content[0].Text);
        Assert.InRange(json.RootElement.GetProperty("n").GetInt32(), 0, 9);

        var tool = ChatTool.CreateFunctionTool("look", "Looks something up.", BinaryData.FromString("""{"type":"object","properties":{"place":{"enum":["here","there"]}},"required":["place"],"additionalProperties":false}"""));
        var calling = Options(200);
        calling.Tools.Add(tool);
        calling.ToolChoice = ChatToolChoice.CreateRequiredChoice();
        List<ChatMessage> messages = [new UserChatMessage("Look.")];
        var called = (await Chat.CompleteChatAsync(messages, calling)).Value;
        Assert.Equal(ChatFinishReason.ToolCalls, called.FinishReason);
        var call = Assert.Single(called.ToolCalls);
        Assert.Equal("look", call.FunctionName);
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Contains(arguments.RootElement.GetProperty("place").GetString(), (string[])["here", "there"]);

        messages.AddRange([new AssistantChatMessage(called), new ToolChatMessage(call.Id, "nothing is there")]);
        var final = Options(16);
        final.Tools.Add(tool);
        final.ToolChoice = ChatToolChoice.CreateNoneChoice();
        var answer = (await Chat.CompleteChatAsync(messages, final)).Value;
        Assert.Equal(16, answer.Usage.OutputTokenCount);

        var streamed = Options(200);
        streamed.Tools.Add(tool);
        streamed.ToolChoice = ChatToolChoice.CreateRequiredChoice();
        var (id, name, text) = ("", "", "");
        await foreach (var update in Chat.CompleteChatStreamingAsync([new UserChatMessage("Look.")], streamed))
        {
            foreach (var piece in update.ToolCallUpdates)
            {
                id += piece.ToolCallId;
                name += piece.FunctionName;
                text += piece.FunctionArgumentsUpdate;
            }
        }

        Assert.NotEmpty(id);
        Assert.Equal("look", name);
        JsonDocument.Parse(text).Dispose();
    }

    [Theory]
    [InlineData("please book a room in Oslo for 12 people", "book_room", """{"city":"Oslo","seats":12}""")]
    [InlineData("Send the invoice to Mira Volt.", "send_invoice", """{"recipient":"Mira Volt"}""")]
    [InlineData("could you cancel this flight", "cancel_flight", "{}")]
    public async Task The_default_model_calls_functions_with_the_words_of_the_request_and_answers_from_their_results(string request, string name, string arguments)
    {
        var nano = _openAi.GetChatClient("nano");
        var options = new ChatCompletionOptions();
        options.Tools.Add(Tool("book_room", "Books a room.", """{"city":{"type":"string"},"seats":{"type":"integer"}}"""));
        options.Tools.Add(Tool("cancel_flight", "Cancels a flight.", """{"date":{"type":"string"}}"""));
        options.Tools.Add(Tool("send_invoice", "Sends an invoice.", """{"recipient":{"type":"string"}}"""));
        List<ChatMessage> messages = [new SystemChatMessage("You are helpful."), new UserChatMessage(request)];
        var called = (await nano.CompleteChatAsync(messages, options)).Value;

        var call = Assert.Single(called.ToolCalls);
        Assert.Equal((ChatFinishReason.ToolCalls, name, arguments), (called.FinishReason, call.FunctionName, call.FunctionArguments.ToString()));

        messages.AddRange([new AssistantChatMessage(called), new ToolChatMessage(call.Id, "It is done.")]);
        var answer = (await nano.CompleteChatAsync(messages, options)).Value;
        Assert.Equal((ChatFinishReason.Stop, 0), (answer.FinishReason, answer.ToolCalls.Count));
        Assert.NotEmpty(answer.Content[0].Text);

        static ChatTool Tool(string name, string description, string properties) =>
            ChatTool.CreateFunctionTool(name, description, BinaryData.FromString($$"""{"type":"object","properties":{{properties}}}"""));
    }

    [Fact]
    public async Task The_default_model_keeps_to_the_function_that_is_required_and_refuses_a_request_of_no_words()
    {
        var nano = _openAi.GetChatClient("nano");
        var options = new ChatCompletionOptions { Temperature = 0, ToolChoice = ChatToolChoice.CreateFunctionChoice("stop_job") };
        options.Tools.Add(ChatTool.CreateFunctionTool("start_job", "Starts a job."));
        options.Tools.Add(ChatTool.CreateFunctionTool("stop_job", "Stops a job."));
        Assert.Equal("stop_job", Assert.Single((await nano.CompleteChatAsync([new UserChatMessage("start the job")], options)).Value.ToolCalls).FunctionName);

        var refusal = await Assert.ThrowsAsync<ClientResultException>(() => nano.CompleteChatAsync([new UserChatMessage(" ")], options));
        Assert.Equal(400, refusal.Status);
    }

    [Fact]
    public async Task Likelihoods_and_several_answers_are_told()
    {
        var options = Options(6);
        options.IncludeLogProbabilities = true;
        options.TopLogProbabilityCount = 3;
        var completion = (await Chat.CompleteChatAsync([new UserChatMessage("How likely?")], options)).Value;
        Assert.Equal(6, completion.ContentTokenLogProbabilities.Count);
        Assert.All(completion.ContentTokenLogProbabilities, token => Assert.Equal(3, token.TopLogProbabilities.Count));
        Assert.All(completion.ContentTokenLogProbabilities, token => Assert.True(token.LogProbability <= 0));
    }

    [Fact]
    public async Task Models_are_listed_and_unknown_ones_are_404_with_what_there_is()
    {
        var models = (await _openAi.GetOpenAIModelClient().GetModelsAsync()).Value;
        Assert.Contains(models, model => model.Id == "tools");
        Assert.Equal("tools", (await _openAi.GetOpenAIModelClient().GetModelAsync("tools")).Value.Id);
        var missing = await Assert.ThrowsAsync<ClientResultException>(() => _openAi.GetChatClient("gpt-17").CompleteChatAsync([new UserChatMessage("Hello.")]));
        Assert.Equal(404, missing.Status);
        Assert.Contains("The model 'gpt-17' does not exist here; there is default, ", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_are_embedded_as_floats_of_unit_length()
    {
        var embeddings = (await _openAi.GetEmbeddingClient("tools").GenerateEmbeddingsAsync(["one text", "another text"])).Value;
        Assert.Equal(2, embeddings.Count);
        Assert.All(embeddings, embedding => Assert.Equal(1, embedding.ToFloats().ToArray().Sum(value => value * value), 3));
        var shorter = (await _openAi.GetEmbeddingClient("tools").GenerateEmbeddingAsync("one text", new EmbeddingGenerationOptions { Dimensions = 7 })).Value.ToFloats().ToArray();
        Assert.Equal(7, shorter.Length);
        Assert.Equal(1, shorter.Sum(value => value * value), 3);
        var wrong = await Assert.ThrowsAsync<ClientResultException>(() =>
            _openAi.GetEmbeddingClient("tools").GenerateEmbeddingAsync("x", new EmbeddingGenerationOptions { Dimensions = 70_000 }));
        Assert.Equal(400, wrong.Status);
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_process_that_answers_it()
    {
        using var stop = new CancellationTokenSource();
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Chat.CompleteChatStreamingAsync([new UserChatMessage("Speak for ever.")], Options(3_000), stop.Token))
            {
                if (++seen == 3)
                {
                    Assert.Contains(await LivingAsync(), process => process.Name == "chat");
                    await stop.CancelAsync();
                }
            }
        });
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await LivingAsync()).Any(process => process.Name == "chat"))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<IEnumerable<ProcessControlBlock>> LivingAsync() => await silo.Client.ListProcessesAsync(new ProcessFilter { LiveOnly = true });

#pragma warning disable OPENAI001 // The seed is marked as one that may change.
    private static ChatCompletionOptions Options(int tokens) => new() { MaxOutputTokenCount = tokens, Seed = 7, Temperature = 0.5f };
#pragma warning restore OPENAI001
}
