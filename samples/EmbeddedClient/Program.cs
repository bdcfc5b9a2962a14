using LLMOS.Client;
using LLMOS.Client.Chat;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddLlmosClient(options => options.Gateways.Add(args is [var gateway, ..] ? gateway : "127.0.0.1:30000"));
using var host = builder.Build();
await host.StartAsync();
var llmos = host.Services.GetRequiredService<LlmosClient>();

// A process that lives until it is ended, with a role and a context of its own.
var agent = await llmos.SpawnAsync(new ProcessSpec { Name = "poet", Role = "You write short poems.", MaxTokensPerTurn = 40 });

// As an IChatClient: the process keeps the conversation, and what it says comes token by token.
IChatClient chat = new ProcessChatClient(llmos, agent.Pid);
await foreach (var update in chat.GetStreamingResponseAsync("A poem about the sea."))
{
    Console.Write(update.Text);
}

// As a message and its answer.
var answer = await llmos.AskAsync(agent.Pid, "Another one.", TimeSpan.FromMinutes(1));
Console.WriteLine($"\n{answer.Payload}");

foreach (var process in await llmos.ListProcessesAsync(new ProcessFilter { LiveOnly = true }))
{
    Console.WriteLine($"{process.Pid,6} {process.State,-10} {process.Name}");
}

await llmos.KillAsync(agent.Pid, "the poems are written");
await host.StopAsync();
