#pragma warning disable xUnit1051 // The clients have time limits of their own.
#pragma warning disable OPENAI001 // The SDK's client of responses is marked as one that may change.
using System.ClientModel;
using LLMOS.Kernel.Processes;
using OpenAI.Responses;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>OpenAI's SDK for .NET on <c>/v1/responses</c>, over a restart of the silo too, and lasting processes.</summary>
public sealed class ResponsesTests
{
    [Fact]
    public async Task A_conversation_goes_on_in_its_process_after_a_restart()
    {
        await using var silo = new HttpSilo();
        await silo.InitializeAsync();
        var first = (await Client(silo).CreateResponseAsync(Options("One."))).Value;
        var process = Assert.Single(await LivingAsync(silo));
        Assert.Equal("response", process.Name);

        await silo.RestartAsync();
        Assert.Equal(first.GetOutputText(), (await Client(silo).GetResponseAsync(first.Id)).Value.GetOutputText());
        var second = (await Client(silo).CreateResponseAsync(Options("Two.", first.Id))).Value;
        Assert.True(second.Usage.InputTokenCount > first.Usage.InputTokenCount);
        var same = Assert.Single(await LivingAsync(silo));
        Assert.Equal((process.Pid, 2), (same.Pid, same.Turns));

        // Its process is gone, and what was said is not.
        await silo.Client.KillAsync(process.Pid);
        var text = "";
        StreamingResponseIncompleteUpdate? last = null;
        var streaming = Options("Three.", second.Id);
        streaming.StreamingEnabled = true;
        await foreach (var update in Client(silo).CreateResponseStreamingAsync(streaming))
        {
            text += update is StreamingResponseOutputTextDeltaUpdate delta ? delta.Delta : "";
            last = update as StreamingResponseIncompleteUpdate ?? last;
        }

        Assert.Equal(text, last!.Response.GetOutputText());
        Assert.True(last.Response.Usage.InputTokenCount > second.Usage.InputTokenCount);
        Assert.NotEqual(process.Pid, Assert.Single(await LivingAsync(silo)).Pid);

        await Client(silo).DeleteResponseAsync(last.Response.Id);
        Assert.Empty(await LivingAsync(silo));
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => Client(silo).GetResponseAsync(last.Response.Id));
        Assert.Equal(404, gone.Status);
    }

    private static ResponsesClient Client(HttpSilo silo) => new(new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = new Uri(silo.Address, "v1") });

    private static CreateResponseOptions Options(string text, string? previous = null)
    {
        var options = new CreateResponseOptions { Model = "tools", Instructions = "You talk.", MaxOutputTokenCount = 4, PreviousResponseId = previous };
        options.InputItems.Add(ResponseItem.CreateUserMessageItem(text));
        return options;
    }

    private static async Task<List<ProcessControlBlock>> LivingAsync(HttpSilo silo) =>
        [.. (await silo.Client.ListProcessesAsync(new ProcessFilter { LiveOnly = true })).Where(process => process.Pid >= WellKnownPids.FirstFree)];
}
