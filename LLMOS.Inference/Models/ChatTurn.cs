namespace LLMOS.Inference;

/// <summary>One message of a chat, for <see cref="LlamaModel.ApplyChatTemplate"/>.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>; templates may know others.</param>
/// <param name="Content">The text.</param>
public sealed record ChatTurn(string Role, string Content);
