namespace LLMOS.Inference.Discovery;

/// <summary>A place where some program keeps models.</summary>
internal interface IModelStore
{
    /// <summary>What lies there. A store that is not there has nothing; what cannot be read is left out or told as a defect.</summary>
    IEnumerable<FoundModel> Find();
}
