namespace LLMOS.Inference;

/// <summary>What kind of thing went wrong, for callers that map it to an exit code or a status.</summary>
public enum LlamaError
{
    /// <summary>The llama.cpp libraries were not found or do not load here.</summary>
    LibraryMissing,

    /// <summary>The libraries are of another llama.cpp release than the binding was written for.</summary>
    LibraryRelease,

    /// <summary>The device asked for is not on this machine.</summary>
    DeviceMissing,

    /// <summary>The model's file does not exist or may not be read.</summary>
    ModelMissing,

    /// <summary>The model's file is not a GGUF model that llama.cpp can run.</summary>
    ModelInvalid,

    /// <summary>A request has a value that is out of range.</summary>
    InvalidRequest,

    /// <summary>A prompt, with the tokens asked for, can never fit.</summary>
    TooLong,

    /// <summary>A grammar does not parse.</summary>
    GrammarInvalid,

    /// <summary>A JSON schema is not JSON, says what no grammar can hold, or has no instance.</summary>
    SchemaInvalid,

    /// <summary>The model cannot do what was asked, such as embeddings.</summary>
    NotSupported,

    /// <summary>The native engine failed; it takes no more requests.</summary>
    EngineFailed,

    /// <summary>The engine was disposed.</summary>
    EngineStopped,

    /// <summary>One sequence failed; the engine and its other sequences go on.</summary>
    SequenceFailed,

    /// <summary>An adapter's file does not exist or may not be read.</summary>
    AdapterMissing,

    /// <summary>An adapter's file is none, or is one of another model.</summary>
    AdapterInvalid,
}
