namespace ModelForge.Corpus;

/// <summary>
/// One example to learn from: a conversation that ends with the assistant's message. The assistant's messages, and the ends of turn
/// behind them, are learned; everything else is given.
/// </summary>
/// <param name="Task">What it teaches; losses and counts are shown by task.</param>
/// <param name="Messages">Oldest first.</param>
public sealed record Document(string Task, IReadOnlyList<DocumentMessage> Messages);
