using System.ClientModel;
using System.ClientModel.Primitives;
using LLMOS.Cognition.Inference;
using Microsoft.Extensions.AI;
using OpenAI;

namespace LLMOS.Silo.Models;

/// <summary>Makes engines over OpenAI-compatible servers.</summary>
internal sealed class RemoteEngineFactory(Func<string, string?> readEnvironment, TimeProvider time)
{
    /// <exception cref="LlmosException">The variable that should have the key is not set.</exception>
    public IModelEngine Create(RemoteEngineSource source)
    {
        var options = source.Options;
        var client = new OpenAIClient(ReadKey(source), new OpenAIClientOptions
        {
            Endpoint = options.Endpoint,
            NetworkTimeout = options.Timeout,
            RetryPolicy = new ClientRetryPolicy(options.Retries),
            UserAgentApplicationId = "llmos",
        });
        return new ChatClientModelEngine(
            client.GetChatClient(options.Model).AsIChatClient(),
            options.EmbeddingModel.Length > 0 ? client.GetEmbeddingClient(options.EmbeddingModel).AsIEmbeddingGenerator() : null,
            new ModelCard(source.Name, "remote", Parameters: 0, SizeBytes: 0, options.ContextLength, options.Endpoint.Authority),
            new RemoteErrors(source.Name, options),
            time);
    }

    private ApiKeyCredential ReadKey(RemoteEngineSource source)
    {
        var variable = source.Options.ApiKeyVariable;
        if (variable.Length == 0)
        {
            // The client library wants a key; a server that asks for none ignores it.
            return new ApiKeyCredential("none");
        }

        return readEnvironment(variable) is { Length: > 0 } key
            ? new ApiKeyCredential(key.Trim())
            : throw LlmosException.Refused($"The model '{source.Name}' takes its key from the environment variable {variable}, which is not set: set it, or change Models:Remote:{source.Name}:ApiKeyVariable.");
    }
}
