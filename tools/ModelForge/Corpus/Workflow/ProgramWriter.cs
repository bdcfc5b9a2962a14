using System.Text;

namespace ModelForge.Corpus.Workflow;

/// <summary>Writes the program that a specification describes; equal specifications give equal programs.</summary>
internal static class ProgramWriter
{
    /// <summary>The file's text; every line ends with a line break.</summary>
    public static string Write(ProgramSpecification specification)
    {
        var kind = specification.Kind;
        var conditions = Conditions(specification);
        var isPython = specification.Language == ProgramLanguage.Python;
        var code = new StringBuilder();
        foreach (var line in ProgramSkeletons.Of(kind.IsCommandLine, specification.Language).Split('\n'))
        {
            if (Chosen(line, conditions) is { } text)
            {
                code.Append(text).Append('\n');
            }
        }

        return code
            .Replace("<<name>>", specification.Name)
            .Replace("<<data>>", isPython ? kind.PythonData : kind.JavaScriptData)
            .Replace("<<sample>>", kind.Sample)
            .Replace("<<route>>", isPython ? kind.Python : kind.JavaScript)
            .ToString();
    }

    /// <summary>The lines that a program of this kind and language has for a feature.</summary>
    public static IEnumerable<string> LinesOf(ProgramFeature feature, ProgramSpecification specification)
    {
        var condition = $"@{feature.Name}|";
        return ProgramSkeletons.Of(specification.Kind.IsCommandLine, specification.Language).Split('\n')
            .Where(line => line.StartsWith(condition, StringComparison.Ordinal))
            .Select(line => line[condition.Length..].Replace("<<sample>>", specification.Kind.Sample, StringComparison.Ordinal));
    }

    /// <summary>The line without its condition; null when that does not hold.</summary>
    private static string? Chosen(string line, HashSet<string> conditions)
    {
        if (!line.StartsWith('@'))
        {
            return line;
        }

        var end = line.IndexOf('|', StringComparison.Ordinal);
        var isNegated = line[1] == '!';
        return conditions.Contains(line[(isNegated ? 2 : 1)..end]) != isNegated ? line[(end + 1)..] : null;
    }

    private static HashSet<string> Conditions(ProgramSpecification specification)
    {
        var kind = specification.Kind;
        var conditions = specification.Features.Select(feature => feature.Name).ToHashSet(StringComparer.Ordinal);
        conditions.Add(specification.Language == ProgramLanguage.Python ? kind.PythonModule : kind.JavaScriptModule);
        Imply("fs", ProgramFeature.Persistence);
        Imply("time", kind.IsCommandLine ? ProgramFeature.Logging : ProgramFeature.RateLimiting);
        Imply("json", ProgramFeature.Persistence);
        Imply("json", ProgramFeature.JsonOutput);
        if (kind.Redirects)
        {
            conditions.Add("redirects");
        }

        return conditions;

        void Imply(string condition, ProgramFeature feature)
        {
            if (conditions.Contains(feature.Name))
            {
                conditions.Add(condition);
            }
        }
    }
}
