namespace ModelForge.Training;

/// <summary>How well the documents of a task were predicted.</summary>
/// <param name="Loss">The sum of the tokens' losses, in nats.</param>
/// <param name="Targets">Tokens to be predicted.</param>
/// <param name="Documents">Documents they were in.</param>
/// <param name="RightDocuments">Documents in which the model held every right token likeliest: greedy, it would have said them.</param>
internal readonly record struct TaskOutcome(double Loss, long Targets, long Documents, long RightDocuments);
