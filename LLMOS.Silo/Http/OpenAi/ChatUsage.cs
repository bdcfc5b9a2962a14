using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Counts tokens over several answers.</summary>
internal static class ChatUsage
{
    /// <summary>The tokens of answers to one prompt, which is counted once.</summary>
    public static UsageDetails Sum(IEnumerable<UsageDetails> usages)
    {
        var sum = new UsageDetails();
        foreach (var usage in usages)
        {
            sum.InputTokenCount = Math.Max(sum.InputTokenCount ?? 0, usage.InputTokenCount ?? 0);
            sum.CachedInputTokenCount = Math.Max(sum.CachedInputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0);
            sum.OutputTokenCount = (sum.OutputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0);
        }

        return sum;
    }
}
