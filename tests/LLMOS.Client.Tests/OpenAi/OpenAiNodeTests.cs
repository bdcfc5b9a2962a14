namespace LLMOS.Client.Tests.OpenAi;

/// <summary>OpenAI's own package for Node as a client of a running silo: its helpers for streams, functions, schemas, responses and aborts.</summary>
public sealed class OpenAiNodeTests(HttpSilo silo) : IClassFixture<HttpSilo>
{
    [Theory]
    [InlineData("openai.test.mjs")]
    [InlineData("responses.test.mjs")]
    public Task The_official_package_for_Node_works_unmodified(string file) => NodeClient.RunAsync(file, silo.Address);
}
