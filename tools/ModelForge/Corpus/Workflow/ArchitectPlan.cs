using System.Text;

namespace ModelForge.Corpus.Workflow;

/// <summary>The plan of an architect: always the same lines, so that a coder can follow it.</summary>
internal static class ArchitectPlan
{
    private const string NoFeatures = "none";

    /// <summary>The plan for a specification.</summary>
    public static string Write(ProgramSpecification specification)
    {
        var language = specification.Language == ProgramLanguage.Python ? "Python" : "JavaScript";
        var features = specification.Features.Count == 0 ? NoFeatures : string.Join(", ", specification.Features.Select(feature => feature.Name));
        return new StringBuilder()
            .Append("Plan: ").Append(specification.Kind.Title).Append(" in ").Append(language).Append('\n')
            .Append("File: ").Append(specification.FileName).Append('\n')
            .Append("Name: ").Append(specification.Name).Append('\n')
            .Append("Features: ").Append(features).Append('\n')
            .Append("Interface: ").Append(specification.Kind.Interface)
            .ToString();
    }
}
