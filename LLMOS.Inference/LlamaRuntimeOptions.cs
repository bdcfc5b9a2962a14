namespace LLMOS.Inference;

/// <summary>Where the llama.cpp libraries come from. The first <see cref="LlamaRuntime.EnsureLoaded"/> of a process decides.</summary>
public sealed record LlamaRuntimeOptions
{
    /// <summary>
    /// A folder with the libraries of <see cref="LlamaRuntime.Release"/>. Null: the environment variable
    /// <see cref="LlamaRuntime.LibraryVariable"/>, then <c>runtimes/llama/&lt;platform&gt;</c> beside the program.
    /// </summary>
    public string? LibraryPath { get; init; }
}
