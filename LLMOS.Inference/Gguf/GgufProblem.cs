namespace LLMOS.Inference.Gguf;

/// <summary>Why a path is not a model that llama.cpp v0.5.0 loads.</summary>
public enum GgufProblem
{
    /// <summary>There is nothing at the path.</summary>
    Missing,

    /// <summary>The path is a folder.</summary>
    Directory,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The file cannot be opened or read.</summary>
    Unreadable,

    /// <summary>The file does not begin with "GGUF".</summary>
    NotGguf,

    /// <summary>The file's GGUF version is neither 2 nor 3.</summary>
    UnsupportedVersion,

    /// <summary>The file ends before its header or its tensors do.</summary>
    Truncated,

    /// <summary>The header says what no header can say.</summary>
    Malformed,

    /// <summary>The file holds no tensors: a vocabulary alone.</summary>
    NoTensors,

    /// <summary>llama.cpp v0.5.0 does not know the architecture.</summary>
    UnknownArchitecture,

    /// <summary>The file is no language model: a vision projector, an adapter, an importance matrix.</summary>
    NotALanguageModel,

    /// <summary>The file is a later part of a split model, or parts of it are missing.</summary>
    IncompleteSplit,
}
