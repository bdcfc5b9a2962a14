using System.Collections.Immutable;
using System.Text.Json;
using LLMOS.Client.Chat;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Tests.Chat;

/// <summary>What chat options carry through a process to the engine and back, on a real silo with a real model.</summary>
public sealed class ToolChatTests(ToolSystem system) : IClassFixture<ToolSystem>
{
    private enum City
    {
        Bern,
        Oslo,
    }

    [Fact]
    public async Task A_function_invoking_client_over_a_process_runs_what_the_model_calls()
    {
        using var process = await SpawnAsync(maxTokens: 120);
        using var chat = new FunctionInvokingChatClient(process);
        var asked = new List<City>();
        var weather = AIFunctionFactory.Create(
            (City city) =>
            {
                asked.Add(city);
                return $"21 degrees in {city}";
            },
            new AIFunctionFactoryOptions { Name = "get_weather", Description = "Tells the weather.", SerializerOptions = Named() });

        var response = await chat.GetResponseAsync(
            [new ChatMessage(ChatRole.User, "How warm is it?")],
            new ChatOptions { Tools = [weather], ToolMode = ChatToolMode.RequireAny, Seed = 3 },
            TestContext.Current.CancellationToken);

        var city = Assert.Single(asked);
        var call = Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        var result = Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>());
        Assert.Equal(("get_weather", call.CallId), (call.Name, result.CallId));
        Assert.Equal(city.ToString(), call.Arguments!["city"]!.ToString());
        Assert.NotEmpty(response.Text);

        // The process kept all of it: the question, its call, the result, and its answer.
        var log = await system.Client.QueryMessagesAsync(new MessageQuery { Pid = process.Pid });
        Assert.Equal(["How warm is it?", "", $"21 degrees in {city}", response.Text], log.Select(logged => logged.Message.Payload));
        var region = await system.Client.ReadRegionAsync((await system.Client.GetProcessAsync(process.Pid)).Context.Region);
        Assert.Equal(call.CallId, TurnHeaders.ReadCalls(region[1].Data)[0].Id);
        Assert.Equal(call.CallId, TurnHeaders.ReadResults(region[2].Data).Results[0].CallId);
    }

    [Fact]
    public async Task An_answer_fits_the_schema_of_its_format()
    {
        using var chat = await SpawnAsync(maxTokens: 120);
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"city":{"enum":["Bern","Oslo"]},"warm":{"type":"boolean"}},"required":["city","warm"]}""");
        var response = await chat.GetResponseAsync(
            [new ChatMessage(ChatRole.User, "Where?")],
            new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement) },
            TestContext.Current.CancellationToken);

        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        using var answer = JsonDocument.Parse(response.Text);
        Assert.Contains(answer.RootElement.GetProperty("city").GetString(), Enum.GetNames<City>());
        Assert.True(answer.RootElement.GetProperty("warm").ValueKind is JsonValueKind.True or JsonValueKind.False);
    }

    [Fact]
    public async Task Options_of_sampling_hold_for_one_answer_and_log_probabilities_come_back()
    {
        using var chat = await SpawnAsync(maxTokens: 60);
        var options = new ChatOptions
        {
            MaxOutputTokens = 10,
            Temperature = 0,
            Seed = 1,
            AdditionalProperties = new AdditionalPropertiesDictionary { ["top_logprobs"] = 2 },
        };
        var response = await chat.GetResponseAsync([new ChatMessage(ChatRole.User, "Tell me.")], options, TestContext.Current.CancellationToken);
        var free = await chat.GetResponseAsync([new ChatMessage(ChatRole.User, "More.")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((10, 60), (response.Usage!.OutputTokenCount, free.Usage!.OutputTokenCount));
        var likelihoods = Likelihoods(response)!.Value;
        Assert.Equal(10, likelihoods.Length);
        Assert.All(likelihoods, token => Assert.Equal(token.Token, token.Top[0].Token));
        Assert.Null(Likelihoods(free));

        options = new ChatOptions
        {
            MaxOutputTokens = 10,
            Temperature = 0,
            AdditionalProperties = new AdditionalPropertiesDictionary { ["logit_bias"] = new Dictionary<string, float> { [$"{likelihoods[0].Token}"] = 100 }, ["top_logprobs"] = 0 },
        };
        var biased = await chat.GetResponseAsync([new ChatMessage(ChatRole.User, "Again.")], options, TestContext.Current.CancellationToken);
        Assert.Equal(10, Likelihoods(biased)!.Value.Length);
        Assert.All(Likelihoods(biased)!.Value, token => Assert.Equal(likelihoods[0].Token, token.Token));
    }

    [Fact]
    public async Task What_is_wrong_with_options_and_results_is_said_in_a_sentence_and_the_process_lives_on()
    {
        using var chat = await SpawnAsync(maxTokens: 8);
        await RefusedAsync([new(ChatRole.User, "a")], new ChatOptions { Temperature = -1 }, "Temperature is -1");
        await RefusedAsync([new(ChatRole.User, "a")], new ChatOptions { MaxOutputTokens = 0 }, "The limit of 0 tokens");
        await RefusedAsync([new(ChatRole.User, "a")], new ChatOptions { ToolMode = ChatToolMode.RequireAny }, "the request has no functions");
        await RefusedAsync([new(ChatRole.User, "a")], new ChatOptions { Tools = [new HostedWebSearchTool()] }, "A process calls functions; the tool 'web_search' is a HostedWebSearchTool");
        await RefusedAsync([new(ChatRole.User, "a")], Additional("logit_bias", "x"), "The option 'logit_bias' is \"x\": it must be tokens with numbers");
        await RefusedAsync([new(ChatRole.User, "a")], Additional("grammar", "root ::= ("), "rammar");
        await RefusedAsync([new(ChatRole.Tool, [new FunctionResultContent("zz", "21")])], null, "The result of the call 'zz' answers nothing: the process waits for no result.");
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"a":{"not":{}}}}""");
        await RefusedAsync([new(ChatRole.User, "a")], new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement) }, "not");

        Assert.NotEmpty((await chat.GetResponseAsync("a", cancellationToken: TestContext.Current.CancellationToken)).Text);

        async Task RefusedAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, string sentence) => Assert.Contains(
            sentence,
            (await Assert.ThrowsAsync<LlmosException>(() => chat.GetResponseAsync(messages, options, TestContext.Current.CancellationToken))).Message,
            StringComparison.Ordinal);

        static ChatOptions Additional(string name, object value) => new() { AdditionalProperties = new AdditionalPropertiesDictionary { [name] = value } };
    }

    [Fact]
    public async Task A_child_that_inherits_a_context_computes_only_what_it_adds_and_a_stranger_computes_all()
    {
        using var parent = await SpawnAsync(maxTokens: 16);
        var told = "The tide comes in twice a day and goes out twice a day, and who lives by the sea learns its hours before any other clock.";
        var first = await parent.GetResponseAsync(told, cancellationToken: TestContext.Current.CancellationToken);
        var spec = new ProcessSpec { Name = "child", Role = "You doubt.", ParentPid = parent.Pid, InheritContext = true, MaxTokensPerTurn = 8 };
        var child = await system.Client.SpawnAsync(spec);
        var kv = (await system.Client.GetKvUsageAsync([child]))[child.Pid];
        using var chat = new ProcessChatClient(system.Client, child.Pid);
        var second = await chat.GetResponseAsync("Is that so?", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(parent.Pid, child.Tree);
        Assert.Equal([parent.Pid], child.Inherited!.Pids);
        Assert.InRange(kv.SharedCells, first.Usage!.InputTokenCount!.Value, first.Usage.TotalTokenCount!.Value);
        var entries = await system.Client.ReadRegionAsync(child.Context.Region);
        Assert.Equal([told, first.Text, "You doubt.", "Is that so?", second.Text], entries.Select(entry => entry.Text));
        Assert.Equal(2, (await system.Client.ReadRegionAsync((await system.Client.GetProcessAsync(parent.Pid)).Context.Region)).Length);
        Assert.InRange(second.Usage!.CachedInputTokenCount!.Value, first.Usage.InputTokenCount!.Value - 1, second.Usage.InputTokenCount!.Value - 1);

        // The same role and words in another process tree find nothing.
        using var stranger = await SpawnAsync(maxTokens: 16);
        var alone = await stranger.GetResponseAsync(told, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(first.Usage.InputTokenCount, alone.Usage!.InputTokenCount);
        Assert.Equal(0, alone.Usage.CachedInputTokenCount);
    }

    [Fact]
    public async Task Exit_and_suspension_give_the_kv_back()
    {
        var scheduled = system.Client.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(InferenceKeys.DefaultModel, 0));
        using var kept = await SpawnAsync(maxTokens: 8);
        using var killed = await SpawnAsync(maxTokens: 8);
        var long1 = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"word{i}"));
        await kept.GetResponseAsync(long1, cancellationToken: TestContext.Current.CancellationToken);
        await killed.GetResponseAsync(long1, cancellationToken: TestContext.Current.CancellationToken);
        var processes = await Task.WhenAll(system.Client.GetProcessAsync(kept.Pid), system.Client.GetProcessAsync(killed.Pid));
        var before = await scheduled.GetLoadAsync();
        var usage = await system.Client.GetKvUsageAsync(processes);
        Assert.All(usage.Values, kv => Assert.Equal((KvResidency.Resident, 0), (kv.Residency, kv.SharedCells)));

        await system.Client.KillAsync(killed.Pid);
        await WaitForAsync(load => load.KvUsed <= before.KvUsed - usage[killed.Pid].Cells);
        await system.Client.SuspendAsync(kept.Pid);
        Assert.Empty(await system.Client.GetKvUsageAsync(processes));
        await system.Client.ResumeAsync(kept.Pid);
        await kept.GetResponseAsync("again", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(KvResidency.Resident, (await system.Client.GetKvUsageAsync(processes))[kept.Pid].Residency);

        async Task WaitForAsync(Func<EngineLoad, bool> condition)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (!condition(await scheduled.GetLoadAsync()))
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
        }
    }

    [Fact]
    public async Task A_context_that_cannot_be_inherited_is_refused_with_a_sentence()
    {
        using var parent = await SpawnAsync(maxTokens: 8);
        await RefusedAsync(new ProcessSpec { Name = "c", InheritContext = true }, "'c' cannot have the context of process 1");
        await RefusedAsync(new ProcessSpec { Name = "c", InheritContext = true, ParentPid = parent.Pid, Region = "/context/x" }, "beside a shared one");
        await RefusedAsync(
            new ProcessSpec { Name = "c", InheritContext = true, ParentPid = parent.Pid, Permissions = LLMOS.Kernel.Security.Permissions.WriteContext },
            "without READ_CONTEXT");

        async Task RefusedAsync(ProcessSpec spec, string sentence) => Assert.Contains(
            sentence, (await Assert.ThrowsAsync<LlmosException>(() => system.Client.SpawnAsync(spec))).Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<TokenLikelihood>? Likelihoods(ChatResponse response) =>
        response.Messages[^1].AdditionalProperties?.TryGetValue(TurnAnswer.LogProbabilities, out var value) == true ? (ImmutableArray<TokenLikelihood>)value! : null;

    private static JsonSerializerOptions Named()
    {
        var options = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions);
        options.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter());
        return options;
    }

    private async Task<ProcessChatClient> SpawnAsync(int maxTokens)
    {
        var process = await system.Client.SpawnAsync(new ProcessSpec { Name = "chat", Role = "You talk.", MaxTokensPerTurn = maxTokens });
        return new ProcessChatClient(system.Client, process.Pid, "tools");
    }
}
