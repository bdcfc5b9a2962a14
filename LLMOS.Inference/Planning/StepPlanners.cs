using LLMOS.Inference.Planning.Policies;

namespace LLMOS.Inference.Planning;

/// <summary>The scheduling policies by name.</summary>
public static class StepPlanners
{
    /// <summary>The policy of an engine that is told none.</summary>
    public const string Default = "fair";

    private static readonly ISchedulingPolicy[] Policies = [new FairPolicy(), new RoundRobinPolicy(), new PriorityPolicy(), new FcfsPolicy(), new PlasPolicy()];

    public static IReadOnlyList<string> Names { get; } = [.. Policies.Select(policy => policy.Name)];

    /// <summary>Makes a planner, for one thread.</summary>
    /// <exception cref="ArgumentException">There is no policy of this name.</exception>
    public static IStepPlanner Create(string policy, PlannerOptions? options = null) =>
        Array.Find(Policies, known => known.Name == policy) is { } found
            ? new PolicyStepPlanner(found, options)
            : throw new ArgumentException(WhyUnknown(policy), nameof(policy));

    /// <summary>What is wrong with a policy's name; null when it is known.</summary>
    public static string? WhyUnknown(string policy) =>
        Names.Contains(policy) ? null : $"There is no scheduling policy '{policy}': use {string.Join(", ", Names.SkipLast(1))} or {Names[^1]}.";
}
