namespace LLMOS.Inference.Tests.ToolCalls;

/// <summary>The choice of a function by the whole call, on the default model.</summary>
public sealed class LikeliestCallTests
{
    private const string Request = "erase the invoice";

    // What a request says first is the verb, and only the second function's name begins with it.
    private static readonly ChatTool[] Tools = [Tool("delete_web_page", "Deletes a web page."), Tool("erase_lamp", "Erases a lamp."), Tool("remove_invoice", "Removes an invoice.")];

    [Fact]
    public async Task The_function_is_chosen_whose_whole_call_is_likeliest_and_nothing_of_the_others_stays()
    {
        await using var engine = new LlamaCppEngine(TestModels.Nano, new EngineOptions { ContextCells = 4096, Threads = 1 });
        var chosen = await LikeliestCall.AmongAsync(engine, Asked(Tools), Tools, Request, TestContext.Current.CancellationToken);

        Assert.Equal("remove_invoice", Assert.Single(chosen).Name);
        Assert.Empty(await engine.DescribeAllAsync());
    }

    [Fact]
    public async Task Of_one_function_or_too_many_none_is_tried()
    {
        await using var engine = new LlamaCppEngine(TestModels.Nano, new EngineOptions { ContextCells = 4096, Threads = 1 });
        ChatTool[] many = [.. Enumerable.Range(0, LikeliestCall.MostFunctions + 1).Select(i => Tool($"tool_{i}", "Does something."))];

        Assert.Same(many, await LikeliestCall.AmongAsync(engine, Asked(many), many, Request, TestContext.Current.CancellationToken));
        ChatTool[] one = [Tools[0]];
        Assert.Same(one, await LikeliestCall.AmongAsync(engine, Asked(one), one, Request, TestContext.Current.CancellationToken));
        Assert.Equal(0, engine.Statistics.Steps);
    }

    [Fact]
    public async Task A_choice_that_nobody_waits_for_ends()
    {
        await using var engine = new LlamaCppEngine(TestModels.Nano, new EngineOptions { ContextCells = 4096, Threads = 1 });
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LikeliestCall.AmongAsync(engine, Asked(Tools), Tools, Request, gone.Token));
        await Assert.ThrowsAsync<LlamaException>(() => LikeliestCall.AmongAsync(engine, Asked(Tools), Tools, " ", TestContext.Current.CancellationToken));
    }

    private static GenerationRequest Asked(ChatTool[] tools) => new()
    {
        PromptTokens = TestModels.Nano.Tokenize(TestModels.Nano.ApplyChatTemplate([new ChatTurn("user", Request)], new ChatTemplateOptions { Tools = tools })),
        Domain = "calls",
        MaxTokens = 100,
    };

    private static ChatTool Tool(string name, string description) => new(name, description, """{"type":"object","properties":{}}""");
}
