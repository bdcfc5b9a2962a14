namespace LLMOS.Silo.Models;

/// <summary>Where a model comes from.</summary>
/// <param name="Id">The same for every name that stands for the same model.</param>
internal abstract record EngineSource(string Id);
