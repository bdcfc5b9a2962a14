using System.Text.Json.Nodes;
using LLMOS.Silo.Http.OpenAi.Responses;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>The endpoints of OpenAI's API under <c>/v1</c>.</summary>
internal static class OpenAiEndpoints
{
    private const string There =
        "there are GET /v1/models, POST /v1/chat/completions, POST /v1/completions, POST /v1/responses, GET and DELETE /v1/responses/{id}, GET /v1/responses/{id}/input_items and POST /v1/embeddings";

    public static void AddOpenAi(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Client.LlmosClient(provider.GetRequiredService<IGrainFactory>()));
        services.AddSingleton<ModelNames>();
        services.AddSingleton<ChatSessions>();
        services.AddSingleton<ChatCompletions>();
        services.AddSingleton<TextCompletions>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<ResponseStore>();
        services.AddSingleton<ResponsesEndpoint>();
    }

    public static void MapOpenAi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.MapGet("/v1/models", context => GuardAsync(context, () => ListAsync(context)));
        endpoints.MapGet("/v1/models/{**model}", context => GuardAsync(context, () => ShowAsync(context)));
        endpoints.MapPost("/v1/chat/completions", context => GuardAsync(context, async () =>
            await services.GetRequiredService<ChatCompletions>().AnswerAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapPost("/v1/completions", context => GuardAsync(context, async () =>
            await services.GetRequiredService<TextCompletions>().AnswerAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapPost("/v1/embeddings", context => GuardAsync(context, async () =>
            await services.GetRequiredService<EmbeddingsEndpoint>().AnswerAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapPost("/v1/responses", context => GuardAsync(context, async () => await Responses().AnswerAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapGet("/v1/responses/{id}", context => GuardAsync(context, () => Responses().ShowAsync(context, IdOf(context))));
        endpoints.MapGet("/v1/responses/{id}/input_items", context => GuardAsync(context, () => Responses().ShowInputAsync(context, IdOf(context))));
        endpoints.MapDelete("/v1/responses/{id}", context => GuardAsync(context, () => Responses().DeleteAsync(context, IdOf(context))));
        endpoints.Map("/v1/{**path}", context => GuardAsync(context, () => throw new OpenAiException(
            StatusCodes.Status404NotFound, $"There is no {context.Request.Method} {context.Request.Path}: {There}.", code: "unknown_url")));

        ResponsesEndpoint Responses() => services.GetRequiredService<ResponsesEndpoint>();
    }

    private static string IdOf(HttpContext context) => (string?)context.Request.RouteValues["id"] ?? "";

    private static async Task ListAsync(HttpContext context)
    {
        var models = context.RequestServices.GetRequiredService<ModelNames>();
        await HttpGuard.WriteAsync(context, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. models.List().Select(Model)]) });
    }

    private static async Task ShowAsync(HttpContext context)
    {
        var models = context.RequestServices.GetRequiredService<ModelNames>();
        await HttpGuard.WriteAsync(context, Model(models.Find((string?)context.Request.RouteValues["model"] ?? "")));
    }

    private static JsonObject Model(string name) => new() { ["id"] = name, ["object"] = "model", ["created"] = 0, ["owned_by"] = "llmos" };

    private static Task GuardAsync(HttpContext context, Func<Task> answer) => HttpGuard.RunAsync(context, answer, ChatJson.Error);
}
