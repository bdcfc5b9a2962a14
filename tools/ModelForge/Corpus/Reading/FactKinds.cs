namespace ModelForge.Corpus.Reading;

/// <summary>All that generated texts tell of.</summary>
internal static class FactKinds
{
    public static readonly IReadOnlyList<FactKind> All = [.. FactsOfPeople.All, .. FactsOfProjects.All, .. FactsOfThings.All];

    /// <summary>The kinds by what they are about.</summary>
    public static readonly ILookup<SlotKind, FactKind> ByEntity = All.ToLookup(kind => kind.Entity);
}
