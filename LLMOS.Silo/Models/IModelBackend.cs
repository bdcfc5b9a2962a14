using LLMOS.Cognition.Inference;

namespace LLMOS.Silo.Models;

/// <summary>Finds and loads the models of this machine.</summary>
internal interface IModelBackend
{
    /// <summary>Finds a model by name or path and works out what it needs.</summary>
    /// <exception cref="LlmosException">There is none, or its file is damaged.</exception>
    LocalEngineSource Find(string model);

    /// <summary>Loads it.</summary>
    /// <exception cref="LlmosException">llama.cpp refuses it.</exception>
    Task<IModelEngine> LoadAsync(LocalEngineSource model, DeviceDefinition device, CancellationToken cancellationToken);
}
