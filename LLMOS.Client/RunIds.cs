using System.Security.Cryptography;
using LLMOS.Agents;

namespace LLMOS.Client;

/// <summary>The ids of runs: what the request is about and a random part, such as <c>webserver-k7q2zd</c>.</summary>
public static class RunIds
{
    /// <summary>Letters and digits that are not taken for each other.</summary>
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    private const int RandomLength = 6;

    /// <summary>An id for a run that answers a request.</summary>
    public static string Create(string request) =>
        $"{ProjectSlug.Of(request)}-{RandomNumberGenerator.GetString(Alphabet, RandomLength)}";
}
