using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LLMOS.Silo.Tests.Models;

/// <summary>A server on loopback that speaks OpenAI's protocol; a test says how it answers.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ChatServer(WebApplication application) => _application = application;

    /// <summary>The base address of the interface.</summary>
    public Uri Endpoint => new(_application.Urls.First() + "/v1");

    /// <summary>The bodies that came, with their authorization.</summary>
    public Channel<(JsonElement Body, string Authorization)> Requests { get; } = Channel.CreateUnbounded<(JsonElement, string)>();

    public static async Task<ChatServer> StartAsync(Func<HttpContext, JsonElement, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var server = new ChatServer(application);
        application.Run(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            var request = body.RootElement.Clone();
            await server.Requests.Writer.WriteAsync((request, context.Request.Headers.Authorization.ToString()));
            await answer(context, request);
        });
        await application.StartAsync();
        return server;
    }

    /// <summary>Answers in a stream of such pieces, and with usage.</summary>
    public static async Task StreamAsync(HttpContext context, string finish, params IEnumerable<string> pieces)
    {
        context.Response.ContentType = "text/event-stream";
        var count = 0;
        foreach (var piece in pieces)
        {
            await EventAsync(context, Chunk(new { role = "assistant", content = piece }, finish: null));
            count++;
        }

        await EventAsync(context, Chunk(new { }, finish));
        await EventAsync(context, new
        {
            id = "1",
            @object = "chat.completion.chunk",
            created = 1,
            model = "m",
            choices = Array.Empty<object>(),
            usage = new { prompt_tokens = 11, completion_tokens = count, total_tokens = 11 + count, prompt_tokens_details = new { cached_tokens = 4 } },
        });
        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    public static async Task EventAsync(HttpContext context, object value)
    {
        await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(value)}\n\n");
        await context.Response.Body.FlushAsync();
    }

    public static object Chunk(object delta, string? finish) => new
    {
        id = "1",
        @object = "chat.completion.chunk",
        created = 1,
        model = "m",
        choices = new[] { new { index = 0, delta, finish_reason = finish } },
    };

    /// <summary>Answers with an error in OpenAI's envelope.</summary>
    public static async Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { error = new { message, type = "error", param = (string?)null, code = (string?)null } });
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
    }
}
