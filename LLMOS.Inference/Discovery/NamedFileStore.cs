namespace LLMOS.Inference.Discovery;

/// <summary>Files that are there under given names: those of the configuration, and the embedded model.</summary>
internal sealed class NamedFileStore(IEnumerable<KeyValuePair<string, string>> files, ModelSource source) : IModelStore
{
    public IEnumerable<FoundModel> Find() => files.Select(file => new FoundModel(file.Key, file.Value, source));
}
