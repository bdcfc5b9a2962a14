namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>Closed-loop chats: each asks its prompts one after the other, all chats at once.</summary>
/// <param name="Chats">The prompts of each chat, as token ids.</param>
/// <param name="AnswerTokens">Tokens that each answer is to have.</param>
internal sealed record ChatLoad(IReadOnlyList<IReadOnlyList<int[]>> Chats, int AnswerTokens)
{
    /// <summary>Requests in all.</summary>
    public int Requests => Chats.Sum(prompts => prompts.Count);

    /// <summary>Prompt tokens in all.</summary>
    public long PromptTokens => Chats.Sum(prompts => prompts.Sum(prompt => (long)prompt.Length));

    /// <summary>The longest prompt with its answer.</summary>
    public int LongestTokens => Chats.Max(prompts => prompts.Max(prompt => prompt.Length)) + AnswerTokens;
}
