namespace ModelForge.Corpus.Workflow;

/// <summary>What a request asks for, and all that the program depends on.</summary>
/// <param name="Kind">What kind of program.</param>
/// <param name="Name">What it calls itself: letters, digits, spaces and hyphens.</param>
/// <param name="Language">What it is written in.</param>
/// <param name="Features">In the order of <see cref="ProgramKind.Features"/>.</param>
internal sealed record ProgramSpecification(
    ProgramKind Kind, string Name, ProgramLanguage Language, IReadOnlyList<ProgramFeature> Features)
{
    /// <summary>The file that it is in.</summary>
    public string FileName => Kind.File + (Language == ProgramLanguage.Python ? ".py" : ".js");

    /// <summary>The same without a feature.</summary>
    public ProgramSpecification Without(ProgramFeature feature) => this with { Features = [.. Features.Where(other => other != feature)] };
}
