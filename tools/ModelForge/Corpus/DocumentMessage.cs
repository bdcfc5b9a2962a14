namespace ModelForge.Corpus;

/// <summary>A message of a <see cref="Document"/>.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">The text as the chat template puts it into the prompt.</param>
public sealed record DocumentMessage(string Role, string Text);
