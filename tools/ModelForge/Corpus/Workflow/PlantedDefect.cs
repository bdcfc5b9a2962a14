namespace ModelForge.Corpus.Workflow;

/// <summary>A program with a defect, and what a review says about it.</summary>
/// <param name="Code">The program with the defect.</param>
/// <param name="Review">What is wrong and how to right it.</param>
internal sealed record PlantedDefect(string Code, string Review)
{
    /// <summary>The words that say what is wrong; a review with another wording but these is right too.</summary>
    public required string Subject { get; init; }

    /// <summary>A defect of the program that a specification describes.</summary>
    public static PlantedDefect Plant(ProgramSpecification specification, CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(random);
        var code = ProgramWriter.Write(specification);
        return random.Next(specification.Features.Count == 0 ? 4 : 7) switch
        {
            0 => Unquoted(code, specification),
            1 when !specification.Kind.IsCommandLine => Portless(code),
            2 => Unstarted(code, specification),
            <= 3 => Unclosed(code, random),
            _ => Missing(specification, random.Pick(specification.Features)),
        };
    }

    private static PlantedDefect Missing(ProgramSpecification specification, ProgramFeature feature)
    {
        var name = char.ToUpperInvariant(feature.Name[0]) + feature.Name[1..];
        return new PlantedDefect(
            ProgramWriter.Write(specification.Without(feature)), $"Missing: {feature.Name}. {name} is in the plan and not in the code: add it.")
        {
            Subject = feature.Name,
        };
    }

    private static PlantedDefect Portless(string code) => new(
        string.Join('\n', code.Split('\n').Where(line => !line.Contains("PORT", StringComparison.Ordinal))),
        "The port is missing: take it from PORT, or 8080.")
    {
        Subject = "port",
    };

    private static PlantedDefect Unquoted(string code, ProgramSpecification specification) => new(
        code.Replace($"'{specification.Name}'", $"'{specification.Name}", StringComparison.Ordinal),
        "A quote is not closed: close it, the program does not start.")
    {
        Subject = "quote",
    };

    private static PlantedDefect Unstarted(string code, ProgramSpecification specification)
    {
        string[] starts = ["server.listen(", "ThreadingHTTPServer((", "main(process.argv", "main(sys.argv"];
        var lines = code.Split('\n').ToList();
        var start = lines.FindLastIndex(line => starts.Any(call => line.TrimStart().StartsWith(call, StringComparison.Ordinal)));
        if (specification is { Kind.IsCommandLine: true, Language: ProgramLanguage.Python })
        {
            lines[start] = "    pass";
        }
        else
        {
            lines.RemoveAt(start);
        }

        return new PlantedDefect(string.Join('\n', lines), "The program is never started: start it at the end.") { Subject = "started" };
    }

    private static PlantedDefect Unclosed(string code, CorpusRandom random)
    {
        var lines = code.Split('\n');
        int[] closing = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].TrimEnd(';', ':', ',') is [.., ')' or ']' or '}'])];
        var chosen = random.Pick(closing);
        lines[chosen] = lines[chosen].Remove(lines[chosen].TrimEnd(';', ':', ',').Length - 1, 1);
        return new PlantedDefect(string.Join('\n', lines), "A bracket is not closed: close it, the program does not start.") { Subject = "bracket" };
    }
}
