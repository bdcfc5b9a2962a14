namespace LLMOS.Cognition.Inference;

/// <summary>What a silo knows of models that are not necessarily loaded.</summary>
public interface IModelShelf
{
    /// <summary>The models that processes can be given, each once: its name, and in words what it is and where it runs, without paths of the machine.</summary>
    IReadOnlyList<(string Name, string Description)> List();
}
