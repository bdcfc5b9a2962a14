using LLMOS.Silo;

namespace LLMOS.Client.Tests.OpenAi;

/// <summary>One that wants a key of everybody.</summary>
public sealed class KeyedHttpSilo : HttpSilo
{
    protected override void Configure(LlmosSiloOptions options) => options.RequireApiKeys = true;
}
