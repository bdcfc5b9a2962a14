using System.Collections.Immutable;
using LLMOS.Agents;

namespace LLMOS.Client.Workflows;

/// <summary>The workflows that come with the system, by name.</summary>
public static class BuiltInWorkflows
{
    /// <summary>An architect, a coder and a reviewer build a piece of software.</summary>
    public const string BuildSoftware = "build-software";

    private const string Folder = "LLMOS.Client.Workflows.";
    private const string Extension = ".yaml";

    /// <summary>Their names, in order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. typeof(BuiltInWorkflows).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal) && resource.EndsWith(Extension, StringComparison.Ordinal))
            .Select(resource => resource[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The workflow with this name; null when none is built in.</summary>
    public static WorkflowTemplate? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Names.Contains(name))
        {
            return null;
        }

        using var stream = typeof(BuiltInWorkflows).Assembly.GetManifestResourceStream(Folder + name + Extension)!;
        using var reader = new StreamReader(stream);
        return WorkflowFile.Parse(reader.ReadToEnd(), name + Extension);
    }

    /// <summary>The workflow that a name or a path stands for; a name that is built in goes before a file.</summary>
    /// <exception cref="LlmosException">It is neither, or the file is no workflow.</exception>
    public static WorkflowTemplate Load(string nameOrPath) => Find(nameOrPath) ?? WorkflowFile.Load(nameOrPath);
}
