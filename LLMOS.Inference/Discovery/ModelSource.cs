namespace LLMOS.Inference.Discovery;

/// <summary>Where a model on this machine comes from.</summary>
public enum ModelSource
{
    /// <summary>A name or a folder in the configuration.</summary>
    Configured,

    /// <summary>Ollama's store.</summary>
    Ollama,

    /// <summary>LM Studio's folder of models.</summary>
    LmStudio,

    /// <summary>llama.cpp's cache of fetched models.</summary>
    LlamaCpp,

    /// <summary>Hugging Face's hub cache.</summary>
    HuggingFace,

    /// <summary>The model that comes with LLMOS.</summary>
    Embedded,
}
