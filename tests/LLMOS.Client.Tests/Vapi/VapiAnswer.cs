using System.Text.Json;

namespace LLMOS.Client.Tests.Vapi;

/// <summary>What VAPI answered.</summary>
internal sealed record VapiAnswer(int Status, string Body, string MediaType, string Location, bool IsReplayed)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>Holds that it is a problem of a kind, in a sentence that has some words.</summary>
    public void IsProblem(int status, string code, string words)
    {
        Assert.True(Status == status, $"{Status}: {Body}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(("urn:llmos:problem:" + code, code, status), (Json.GetProperty("type").GetString(), Json.GetProperty("code").GetString(), Json.GetProperty("status").GetInt32()));
        Assert.Contains(words, Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(Json.GetProperty("title").GetString()));
        Assert.StartsWith("/vapi", Json.GetProperty("instance").GetString(), StringComparison.Ordinal);
    }
}
