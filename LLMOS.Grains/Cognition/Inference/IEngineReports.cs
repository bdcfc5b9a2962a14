using System.Collections.Immutable;

namespace LLMOS.Cognition.Inference;

/// <summary>What the engines of this silo do.</summary>
public interface IEngineReports
{
    Task<ImmutableArray<EngineReport>> ReadAsync(string silo, EngineQuery query);
}
