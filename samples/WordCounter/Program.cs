using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

// A silo in this process: no server, no port that anybody has to know.
var builder = LlmosHost.CreateBuilder(new LlmosSiloOptions { Data = args is [var folder, ..] ? folder : "word-counter-data" });
builder.Services.AddLlmosClient();
builder.Services.AddSingleton<IProcessProgram, WordCounter>();
await using var host = builder.Build();
await host.StartAsync();
var llmos = host.Services.GetRequiredService<LlmosClient>();
await foreach (var stage in llmos.BootAsync(new BootRequest { LoadModel = false }))
{
    Console.WriteLine($"{stage.Stage}: {stage.Detail}");
}

var counter = await llmos.SpawnAsync(new ProcessSpec { Name = "counter", Program = WordCounter.ProgramName });
var answer = await llmos.AskAsync(counter.Pid, "How many words are these?");
Console.WriteLine(answer.Payload);
await host.StopAsync();

/// <summary>Answers each message with how many words it has.</summary>
internal sealed class WordCounter : IProcessProgram
{
    public const string ProgramName = "word-counter";

    public string Name => ProgramName;

    // A turn may run again after a crash. Nothing that it returns counts before it is committed, and then all of it does.
    public Task<TurnOutcome> RunAsync(ITurn turn, CancellationToken cancellationToken)
    {
        var words = turn.Message.Payload.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var text = $"{words} words";
        turn.Show(text, tokens: 0);
        return Task.FromResult(new TurnOutcome { Outgoing = [Responses.To(turn.Message, text)] });
    }
}
