namespace ModelForge.Corpus.Reading.Tools;

/// <summary>A parameter of a <see cref="ToolDefinition"/>.</summary>
/// <param name="Name">Its name, as in <c>start_date</c>.</param>
/// <param name="Type"><c>string</c>, <c>integer</c> or <c>number</c>.</param>
public sealed record ToolParameter(string Name, string Type);
