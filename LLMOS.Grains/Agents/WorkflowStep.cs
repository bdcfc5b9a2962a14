using System.Collections.Immutable;

namespace LLMOS.Agents;

/// <summary>Where a message goes next, and the headers it carries.</summary>
public sealed record WorkflowStep(string To, ImmutableDictionary<string, string> Headers);
