namespace LLMOS.Inference;

/// <summary>A call of a function that the model made.</summary>
/// <param name="Id">What its result refers to it by.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its arguments, a JSON object as the model wrote it.</param>
public sealed record ChatToolCall(string Id, string Name, string Arguments);
