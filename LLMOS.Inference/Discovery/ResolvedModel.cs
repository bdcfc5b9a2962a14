using LLMOS.Inference.Gguf;

namespace LLMOS.Inference.Discovery;

/// <summary>The model that a request comes to; its header has been read and shows nothing against loading it.</summary>
/// <param name="Name">The name it goes by: the configured or discovered one, or the file's without its extension.</param>
/// <param name="Path">The full path of its file; of a split model the first part.</param>
/// <param name="Origin">Who chose it.</param>
/// <param name="Summary">What its header says.</param>
public sealed record ResolvedModel(string Name, string Path, ModelOrigin Origin, GgufSummary Summary);
