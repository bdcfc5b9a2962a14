namespace ModelForge.Corpus.Workflow;

/// <summary>A kind of program that the coder knows.</summary>
internal sealed record ProgramKind
{
    /// <summary>What plans call it, and its name when the request gives none.</summary>
    public required string Title { get; init; }

    /// <summary>The file without its extension.</summary>
    public required string File { get; init; }

    /// <summary>What requests call it, without an article.</summary>
    public required IReadOnlyList<string> Things { get; init; }

    /// <summary>How it is used, as plans say it.</summary>
    public required string Interface { get; init; }

    /// <summary>Whether it runs once for its arguments instead of serving HTTP.</summary>
    public bool IsCommandLine { get; init; }

    /// <summary>Whether it answers with redirections.</summary>
    public bool Redirects { get; init; }

    /// <summary>An argument to try it with; programs for the command line only.</summary>
    public string Sample { get; init; } = "";

    /// <summary>The module that its JavaScript needs beside the common ones.</summary>
    public string JavaScriptModule { get; init; } = "";

    /// <summary>The module that its Python needs beside the common ones.</summary>
    public string PythonModule { get; init; } = "";

    /// <summary>What its JavaScript keeps; servers only.</summary>
    public string JavaScriptData { get; init; } = "";

    /// <summary>What its Python keeps; servers only.</summary>
    public string PythonData { get; init; } = "";

    /// <summary>The body of the function that answers, in JavaScript.</summary>
    public required string JavaScript { get; init; }

    /// <summary>The body of the function that answers, in Python.</summary>
    public required string Python { get; init; }

    /// <summary>The features it can have.</summary>
    public IReadOnlyList<ProgramFeature> Features => IsCommandLine ? ProgramFeature.OfCommandLines : ProgramFeature.OfServers;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProgramKind> All { get; } = [.. PageServers.All, .. ListServers.All, .. TableServers.All, .. CommandLinePrograms.All];
}
