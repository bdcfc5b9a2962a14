using LLMOS.Client.Chat;
using LLMOS.Client.Embeddings;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Tests.Chat;

/// <summary>A process as a chat client, on a real silo with a real model.</summary>
public sealed class ProcessChatClientTests(RunningSystem system) : IClassFixture<RunningSystem>
{
    [Fact]
    public async Task A_conversation_is_kept_by_the_process_and_only_what_is_new_is_sent()
    {
        using var chat = await SpawnAsync(maxTokens: 16);
        List<ChatMessage> history = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "First question")];
        var first = await chat.GetResponseAsync(history, cancellationToken: TestContext.Current.CancellationToken);
        history.AddRange(first.Messages);
        history.Add(new ChatMessage(ChatRole.User, "Second question"));
        var options = new ChatOptions { ConversationId = first.ConversationId };
        var second = await chat.GetResponseAsync(history, options, TestContext.Current.CancellationToken);

        Assert.Equal($"{chat.Pid}", first.ConversationId);
        Assert.Equal(ChatFinishReason.Length, first.FinishReason);
        Assert.NotEmpty(first.Text);
        Assert.Equal(16, first.Usage!.OutputTokenCount);
        Assert.True(first.Usage.InputTokenCount > 0);
        Assert.Equal(0, first.Usage.CachedInputTokenCount);
        Assert.InRange(second.Usage!.CachedInputTokenCount!.Value, first.Usage.InputTokenCount!.Value - 1, second.Usage.InputTokenCount!.Value);
        Assert.Equal(first.Usage.InputTokenCount + first.Usage.OutputTokenCount, first.Usage.TotalTokenCount);
        var log = await system.Client.QueryMessagesAsync(new MessageQuery { Pid = chat.Pid });
        Assert.Equal(
            ["Be brief.\n\nFirst question", first.Text, "Second question", second.Text],
            log.Select(logged => logged.Message.Payload));
    }

    [Fact]
    public async Task Updates_come_one_by_one_and_make_the_whole_text()
    {
        // Tokens that are there at once travel together, so there must be more than a busy machine makes between two looks.
        using var chat = await SpawnAsync(maxTokens: 600);
        var updates = await chat.GetStreamingResponseAsync("Tell me", cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.True(updates.Count > 5, $"{updates.Count} updates");
        Assert.Single(updates.Select(update => update.ResponseId).Distinct());
        Assert.All(updates, update => Assert.Equal($"{chat.Pid}", update.ConversationId));
        Assert.Equal(ChatFinishReason.Length, updates[^1].FinishReason);
        var logged = (await system.Client.QueryMessagesAsync(new MessageQuery { Pid = chat.Pid }))[^1];
        Assert.Equal(logged.Message.Payload, string.Concat(updates.Select(update => update.Text)));
    }

    [Fact]
    public async Task Cancelling_stops_the_reading_and_the_process_answers_the_next()
    {
        using var chat = await SpawnAsync(maxTokens: 60);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in chat.GetStreamingResponseAsync("Tell me", cancellationToken: cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });

        var next = await chat.GetResponseAsync("And now?", cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEmpty(next.Text);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_with_a_sentence()
    {
        using var chat = await SpawnAsync(maxTokens: 4);
        await AssertRefusedAsync(chat, [], null, "There is nothing to send: add a message with text after the assistant's last one.");
        await AssertRefusedAsync(
            chat,
            [new(ChatRole.User, "a"), new(ChatRole.Assistant, "b")],
            null,
            "There is nothing to send: add a message with text after the assistant's last one.");
        await AssertRefusedAsync(
            chat,
            [new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])],
            null,
            "A process reads text; DataContent cannot be sent to it: put it into words.");
        await AssertRefusedAsync(
            chat,
            [new(ChatRole.User, "a")],
            new ChatOptions { ConversationId = "other" },
            $"Conversation 'other' is not this process's: leave the id out, or use '{chat.Pid}'.");
    }

    [Fact]
    public async Task Services_and_metadata_are_found()
    {
        using var chat = await SpawnAsync(maxTokens: 4);

        Assert.Equal("llmos", chat.GetService<ChatClientMetadata>()!.ProviderName);
        Assert.Same(system.Client, chat.GetService<LlmosClient>());
        Assert.Same(chat, chat.GetService<IChatClient>());
        Assert.Null(chat.GetService<string>());
        Assert.Null(chat.GetService(typeof(IChatClient), "key"));
    }

    [Fact]
    public async Task A_model_of_the_cluster_embeds()
    {
        using var embedder = new InferenceEmbeddingGenerator(system.Client, "default");
        var embeddings = await embedder.GenerateAsync(["a cat", "a dog", "a cat"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(3, embeddings.Count);
        Assert.All(embeddings, embedding => Assert.Equal(1, Math.Sqrt(embedding.Vector.ToArray().Sum(value => (double)value * value)), 3));
        Assert.Equal(embeddings[0].Vector.ToArray(), embeddings[2].Vector.ToArray());
        Assert.NotEqual(embeddings[0].Vector.ToArray(), embeddings[1].Vector.ToArray());
        Assert.Empty(await embedder.GenerateAsync([], cancellationToken: TestContext.Current.CancellationToken));
        var wrong = await Assert.ThrowsAsync<LlmosException>(() =>
            embedder.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 3 }, TestContext.Current.CancellationToken));
        Assert.Contains("not of 3", wrong.Message, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(ProcessChatClient chat, IEnumerable<ChatMessage> messages, ChatOptions? options, string sentence)
    {
        var refused = await Assert.ThrowsAsync<LlmosException>(() => chat.GetResponseAsync(messages, options, TestContext.Current.CancellationToken));
        Assert.Equal(sentence, refused.Message);
    }

    private async Task<ProcessChatClient> SpawnAsync(int maxTokens)
    {
        var process = await system.Client.SpawnAsync(new ProcessSpec { Name = "chat", Role = "You talk.", MaxTokensPerTurn = maxTokens });
        return new ProcessChatClient(system.Client, process.Pid, "random-tiny");
    }
}
