using System.Reflection;
using System.Text.Json.Nodes;
using LLMOS.Silo.Http.OpenAi;

namespace LLMOS.Silo.Http.Ollama;

/// <summary>The endpoints of Ollama's API under <c>/api</c>.</summary>
internal static class OllamaEndpoints
{
    private const string There = "there are POST /api/chat, /api/generate, /api/embed and /api/show, GET /api/tags, /api/ps and /api/version";

    private static readonly string[] OfTheStore = ["create", "copy", "delete", "pull", "push", "blobs/{digest}"];

    private static readonly string Version = typeof(OllamaEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void AddOllama(this IServiceCollection services)
    {
        services.AddSingleton<OllamaChat>();
        services.AddSingleton<OllamaModels>();
        services.AddSingleton<OllamaEmbeddings>();
    }

    public static void MapOllama(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.MapPost("/api/chat", context => GuardAsync(context, async () =>
            await services.GetRequiredService<OllamaChat>().ChatAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapPost("/api/generate", context => GuardAsync(context, async () =>
            await services.GetRequiredService<OllamaChat>().GenerateAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapPost("/api/embed", context => GuardAsync(context, async () =>
            await services.GetRequiredService<OllamaEmbeddings>().AnswerAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapPost("/api/show", context => GuardAsync(context, async () =>
            await services.GetRequiredService<OllamaModels>().ShowAsync(context, await HttpGuard.BodyAsync(context))));
        endpoints.MapGet("/api/tags", context => GuardAsync(context, () => services.GetRequiredService<OllamaModels>().ListAsync(context)));
        endpoints.MapGet("/api/ps", context => GuardAsync(context, () => services.GetRequiredService<OllamaModels>().ListLoadedAsync(context)));
        endpoints.MapGet("/api/version", context => GuardAsync(context, () => HttpGuard.WriteAsync(context, new JsonObject { ["version"] = Version })));
        foreach (var path in OfTheStore)
        {
            endpoints.Map($"/api/{path}", context => GuardAsync(context, () => throw new OpenAiException(
                StatusCodes.Status501NotImplemented, $"{context.Request.Path} is not supported here: models are files of this machine, which the configuration names; llmos models lists them.")));
        }

        endpoints.Map("/api/{**path}", context => GuardAsync(context, () => throw new OpenAiException(
            StatusCodes.Status404NotFound, $"There is no {context.Request.Method} {context.Request.Path}: {There}.")));
    }

    /// <summary>An error as Ollama's clients read it.</summary>
    public static JsonObject Error(OpenAiException error) => new() { ["error"] = error.Message };

    private static Task GuardAsync(HttpContext context, Func<Task> answer) => HttpGuard.RunAsync(context, answer, Error);
}
