namespace ModelForge.Corpus.Shell;

/// <summary>A system call as a template writes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments, in the order of the template: slots in braces, lists in brackets, or the value itself.</param>
internal sealed record TemplateCall(string Name, IReadOnlyList<KeyValuePair<string, string>> Arguments);
