namespace LLMOS.Inference;

/// <summary>A function that the model may call.</summary>
/// <param name="Name">What it is called by.</param>
/// <param name="Description">What it does, for the model.</param>
/// <param name="Parameters">The JSON schema of its arguments, an object.</param>
public sealed record ChatTool(string Name, string Description, string Parameters);
