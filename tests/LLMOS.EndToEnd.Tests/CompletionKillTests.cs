using LLMOS.Client.Chat;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;

namespace LLMOS.Tests;

/// <summary>A silo is killed with -9 in the middle of an answer by a process of which nothing is stored.</summary>
public sealed class CompletionKillTests : IDisposable
{
    private const string Account = "reader";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_reader_is_told_and_the_next_life_knows_it_no_more_and_answers_others()
    {
        var silo = new SiloProcess(_folder.Path, "--model", Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf"), "--threads", "1");
        long lost;
        using (var first = await silo.StartAsync())
        {
            await using var application = await silo.ConnectAsync();
            await using var completion = await CompletionProcess.SpawnAsync(application.Client, Spec());
            lost = completion.Pid;
            using var limit = new CancellationTokenSource(Limit);
            var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                var killed = false;
                await foreach (var update in completion.AnswerAsync([new(ChatRole.User, "Speak for ever.")], new ChatOptions { MaxOutputTokens = 1_900 }, limit.Token))
                {
                    if (!killed)
                    {
                        killed = true;
                        await application.Client.SendAsync(new OutgoingMessage { To = lost, Payload = "And you?", MessageType = VmpMessageType.Request, CorrelationId = "asked" });
                        await first.KillAsync();
                    }
                }
            });
            Assert.False(limit.IsCancellationRequested, $"The reader waited for an answer that cannot come: {failure.Message}");
        }

        using var second = await silo.StartAsync();
        await using var again = await silo.ConnectAsync();
        var client = again.Client;
        Assert.DoesNotContain(await client.ListProcessesAsync(new ProcessFilter()), process => process.Pid == lost);
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => client.GetProcessAsync(lost))).Code);

        // What was sent to it is delivered to nobody: a dead letter, and a word to who sent it.
        using var delivery = new CancellationTokenSource(Limit);
        while ((await client.QueryMessagesAsync(new MessageQuery { Pid = lost, DeadOnly = true })).Length != 1)
        {
            Assert.False(delivery.IsCancellationRequested, "The message to the process that is lost is no dead letter.");
            await Task.Yield();
        }

        Assert.Contains(await client.QueryMessagesAsync(new MessageQuery { CorrelationId = "asked" }), logged => logged.Message.MessageType == VmpMessageType.Response);
        await using var next = await CompletionProcess.SpawnAsync(client, Spec());
        Assert.True(next.Pid > lost, $"PID {next.Pid} after {lost}");
        var answer = await next.AnswerAsync([new(ChatRole.User, "Speak.")], new ChatOptions { MaxOutputTokens = 8 }, Stop).ToChatResponseAsync(Stop);
        Assert.Equal(8, answer.Usage!.OutputTokenCount);

        // The account had lent the lost one tokens: it asks for them and finds nobody.
        using var patience = new CancellationTokenSource(Limit);
        while ((await client.GetAccountAsync(Account)) is var statement && (statement.Processes != 0 || statement.Leased != 0 || statement.TotalTokens != answer.Usage.TotalTokenCount))
        {
            Assert.False(patience.IsCancellationRequested, $"{statement}, and the answer took {answer.Usage.TotalTokenCount}");
            await Task.Yield();
        }
    }

    private static ProcessSpec Spec() => new() { Name = "once", Role = "You answer.", Account = Account };
}
