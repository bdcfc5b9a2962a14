namespace LLMOS.Inference;

/// <summary>llama.cpp's own log levels, with its numbers.</summary>
public enum LlamaLogLevel
{
    None = 0,
    Debug = 1,
    Info = 2,
    Warning = 3,
    Error = 4,
}
